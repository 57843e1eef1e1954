package org.dualoptim.core.io;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.io.PickleReader.Dict;
import org.dualoptim.core.io.PickleReader.Global;
import org.dualoptim.core.io.PickleReader.Sequence;
import org.dualoptim.core.io.PickleReader.Tuple;

/** The names that a checkpoint of tensors needs, and nothing else. */
final class TorchConstructors implements PickleReader.Constructors {
  private static final int MAX_DIMENSIONS = 64;
  private static final Set<String> FUNCTIONS =
      Set.of(
          "collections.OrderedDict",
          "torch.Size",
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_parameter");
  private static final Set<String> STORAGE_MODULES = Set.of("torch", "torch.cuda", "torch.storage");
  private static final Map<String, DType> STORAGES =
      Map.ofEntries(
          Map.entry("DoubleStorage", DType.F64),
          Map.entry("FloatStorage", DType.F32),
          Map.entry("HalfStorage", DType.F16),
          Map.entry("BFloat16Storage", DType.BF16),
          Map.entry("LongStorage", DType.I64),
          Map.entry("IntStorage", DType.I32),
          Map.entry("ShortStorage", DType.I16),
          Map.entry("CharStorage", DType.I8),
          Map.entry("ByteStorage", DType.U8),
          Map.entry("UntypedStorage", DType.U8),
          Map.entry("BoolStorage", DType.BOOL));

  private final PickleInput in;
  private final long fileSize;
  private final Set<PickledTensor.Storage> storages = new LinkedHashSet<>();

  /**
   * @param in for failures
   * @param fileSize bytes; no tensor may be larger than the whole file
   */
  TorchConstructors(PickleInput in, long fileSize) {
    this.in = in;
    this.fileSize = fileSize;
  }

  /** Every storage that the pickles read so far refer to. */
  Set<PickledTensor.Storage> storages() {
    return storages;
  }

  @Override
  public void admit(Global global) throws IOException {
    if (!FUNCTIONS.contains(global.toString()) && !isStorage(global)) {
      throw in.refused(
          "it asks for the Python object "
              + global
              + ", and only tensors are read; save the state_dict alone and load that file");
    }
  }

  private static boolean isStorage(Global global) {
    return STORAGE_MODULES.contains(global.module()) && STORAGES.containsKey(global.name());
  }

  @Override
  public Object call(Global global, List<Object> arguments) throws IOException {
    try {
      return switch (global.toString()) {
        case "collections.OrderedDict" -> dict(arguments);
        case "torch.Size" -> (Tuple) arguments.get(0);
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(arguments);
        case "torch._utils._rebuild_parameter" -> (PickledTensor) arguments.get(0);
        default -> throw in.damaged("its pickle calls " + global);
      };
    } catch (ClassCastException | IndexOutOfBoundsException mismatch) {
      throw in.damaged("its pickle calls " + global + " with arguments that do not fit");
    }
  }

  private Dict dict(List<Object> arguments) throws IOException {
    Dict dict = new Dict(new LinkedHashMap<>());
    if (!arguments.isEmpty()) {
      for (Object pair : items(arguments.get(0))) {
        List<Object> keyAndValue = items(pair);
        PickleReader.put(in, dict, keyAndValue.get(0), keyAndValue.get(1));
      }
    }
    return dict;
  }

  private static List<Object> items(Object value) {
    return value instanceof Sequence list ? list.items() : ((Tuple) value).items();
  }

  /** {@code (storage, offset, size, stride, ...)}; the rest is about gradients. */
  private PickledTensor tensor(List<Object> arguments) throws IOException {
    PickledTensor.Storage storage = (PickledTensor.Storage) arguments.get(0);
    long offset = (Long) arguments.get(1);
    PickledTensor tensor =
        new PickledTensor(storage, offset, longs(arguments.get(2)), longs(arguments.get(3)));
    try {
      checkView(tensor);
    } catch (ArithmeticException impossible) {
      throw in.damaged("one of its tensors has an impossible shape");
    }
    return tensor;
  }

  private void checkView(PickledTensor tensor) throws IOException {
    int dimensions = tensor.shape().length;
    if (dimensions != tensor.strides().length || dimensions > MAX_DIMENSIONS) {
      throw in.damaged(
          "one of its tensors has "
              + dimensions
              + " dimensions and "
              + tensor.strides().length
              + " strides");
    }
    for (long stride : tensor.strides()) {
      if (stride < 0) {
        throw in.damaged("one of its tensors has a negative stride");
      }
    }
    long end = Math.addExact(tensor.offset(), tensor.span());
    if (tensor.offset() < 0 || end > tensor.storage().numel()) {
      throw in.damaged(
          "one of its tensors reaches from element "
              + tensor.offset()
              + " to "
              + end
              + " of a storage of "
              + tensor.storage().numel());
    }
    if (Math.multiplyExact(tensor.numel(), (long) tensor.storage().dtype().bytes()) > fileSize) {
      throw in.damaged(
          "one of its tensors repeats a few elements until it is larger than the file");
    }
  }

  private static long[] longs(Object tuple) {
    return ((Tuple) tuple).items().stream().mapToLong(item -> (Long) item).toArray();
  }

  /**
   * {@code ("storage", type, key, device, numel)}, in the older format followed by None or {@code
   * (view key, offset, numel)}.
   */
  @Override
  public PickledTensor.Storage resolve(Object persistentId) throws IOException {
    try {
      List<Object> id = ((Tuple) persistentId).items();
      Global type = (Global) id.get(1);
      String key = (String) id.get(2);
      long base = 0;
      long total = (Long) id.get(4);
      long numel = total;
      if (id.size() > 5 && id.get(5) instanceof Tuple view) {
        base = (Long) view.items().get(1);
        numel = (Long) view.items().get(2);
      }
      boolean inside =
          base >= 0
              && numel >= 0
              && base <= total - numel
              && total <= Long.MAX_VALUE / Double.BYTES;
      if (!id.get(0).equals("storage")
          || !isStorage(type)
          || !FileBytes.isPlainName(key)
          || !inside) {
        throw in.damaged("its pickle refers to a storage that cannot be");
      }
      PickledTensor.Storage storage =
          new PickledTensor.Storage(STORAGES.get(type.name()), key, base, numel);
      if (storage.bytesNeeded() > fileSize) {
        throw in.damaged(
            "it is cut short: its storage "
                + key
                + " takes "
                + storage.bytesNeeded()
                + " bytes, the whole file has "
                + fileSize);
      }
      storages.add(storage);
      return storage;
    } catch (ClassCastException | IndexOutOfBoundsException mismatch) {
      throw in.damaged("its pickle refers to something that is not a storage");
    }
  }
}
