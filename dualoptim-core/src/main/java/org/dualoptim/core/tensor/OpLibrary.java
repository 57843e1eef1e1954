package org.dualoptim.core.tensor;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Operators of libtorch as methods of one TorchScript class, whose text is a resource: the way to
 * everything that DJL's {@link NDArray} lacks. A module of this project, or a program of one's own,
 * brings its operators as a script beside a class; {@code ops.py} in this package is the core's and
 * explains the dialect.
 *
 * <p>The archive is built in memory from that text and loaded at the first call; it lives as long
 * as the JVM. A call costs about 9 us and more for long lists (a plain DJL op about 2 us), so ops
 * should work on whole lists of arrays. Calls from several threads are safe as long as no array is
 * an argument of two calls at the same time.
 */
public final class OpLibrary {

  /** What the functions of a script become methods of. */
  private static final String CLASS =
      """
      class Ops(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Ops, x: Tensor) -> Tensor:
          return x
      """;

  /**
   * Pickle protocol 2 of an instance of {@code __torch__.Ops} with the state {@code {training:
   * True}}.
   */
  private static final String INSTANCE_PICKLE =
      "8002635f5f746f7263685f5f0a4f70730a71002981"
          + "7d285808000000747261696e696e677101887562"
          + "71032e";

  private static final byte[] EMPTY_TUPLE_PICKLE = HexFormat.of().parseHex("8002292e");

  /**
   * Names that gather arrays into one argument; the engine reads an argument's place from the name
   * of its first array.
   */
  private static final List<String> LIST_NAMES =
      List.of("a[]", "b[]", "c[]", "d[]", "e[]", "f[]", "g[]", "h[]", "i[]", "j[]");

  /** The name of an array that is an argument by itself. */
  private static final String SINGLE_NAME = "single";

  /**
   * Once per thread: no optimising graph executor. It recompiles a differentiable op for the shapes
   * and gradients of its first calls, which gains nothing for ops of a few calls.
   */
  private static final ThreadLocal<Boolean> PLAIN_EXECUTOR =
      ThreadLocal.withInitial(
          () -> {
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  private final Class<?> beside;
  private final String script;

  /** One empty array per op whose name tells the engine which method to run. */
  private final Map<String, NDArray> selectors = new ConcurrentHashMap<>();

  private NDManager manager;
  private PtSymbolBlock block;

  private OpLibrary(Class<?> beside, String script) {
    this.beside = beside;
    this.script = script;
  }

  /**
   * A library that is loaded when it is first called. One is enough for a JVM: keep it in a
   * constant.
   *
   * @param beside the class whose package the script lies in
   * @param script the resource's name; its functions take {@code self: __torch__.Ops} first
   */
  public static OpLibrary of(Class<?> beside, String script) {
    return new OpLibrary(beside, script);
  }

  private synchronized PtSymbolBlock block() {
    if (block == null) {
      try {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        block =
            JniUtils.loadModule(
                (PtNDManager) manager, new ByteArrayInputStream(archive()), false, false);
      } catch (IOException e) {
        throw new UncheckedIOException("the operators of " + script + " could not be loaded", e);
      }
    }
    return block;
  }

  private NDArray selector(String op) {
    return selectors.computeIfAbsent(
        op,
        name -> {
          NDArray array = manager.create(0f);
          array.setName("module_method:" + name);
          return array;
        });
  }

  /**
   * Runs one op. An op whose name ends in {@code _} changes its first list in place and must be
   * called without a graph ({@link Scope#detached}).
   *
   * @param arguments an {@link NDArray}, an {@link NDList} or a {@code double[]} (the numbers
   *     {@code h}) per parameter of the op
   * @return the op's results, owned by the manager of the first array given
   * @throws IllegalArgumentException if a list is empty, or an array is given twice or to two calls
   *     at the same time
   * @throws EngineException naming op and script, if the script has no such op or the op fails
   */
  public NDList call(String op, Object... arguments) {
    PtSymbolBlock methods = block();
    NDList inputs = new NDList();
    List<String> names = new ArrayList<>();
    NDArray numbers = null;
    try {
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof NDList list) {
          if (list.isEmpty()) {
            throw new IllegalArgumentException(op + " was given no array as argument " + (i + 1));
          }
          for (NDArray array : list) {
            rename(op, array, LIST_NAMES.get(i), inputs, names);
          }
        } else if (arguments[i] instanceof NDArray array) {
          rename(op, array, SINGLE_NAME, inputs, names);
        } else {
          numbers = manager.create((double[]) arguments[i]);
          rename(op, numbers, SINGLE_NAME, inputs, names);
        }
      }
      inputs.add(selector(op));
      PLAIN_EXECUTOR.get();
      return IValueUtils.forward(methods, inputs, true);
    } catch (EngineException e) {
      throw new EngineException(op + " of " + script + ": " + e.getMessage(), e);
    } finally {
      // an array that keeps a list's name would be gathered into a list by its next call
      for (int i = 0; i < names.size(); i++) {
        inputs.get(i).setName(names.get(i));
      }
      if (numbers != null) {
        numbers.close();
      }
    }
  }

  /**
   * An array that bears one of our names is an argument of this call already, or of one on another
   * thread.
   */
  private static void rename(
      String op, NDArray array, String name, NDList inputs, List<String> names) {
    String own = array.getName();
    if (SINGLE_NAME.equals(own) || own != null && LIST_NAMES.contains(own)) {
      throw new IllegalArgumentException(
          op
              + " was given one array twice, or an array that another thread is computing with; give it a copy: "
              + array.getShape());
    }
    inputs.add(array);
    names.add(own);
    array.setName(name);
  }

  private byte[] archive() throws IOException {
    String functions;
    try (InputStream in = beside.getResourceAsStream(script)) {
      if (in == null) {
        throw new FileNotFoundException("there is no resource " + script + " beside " + beside);
      }
      functions = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "ops/data.pkl", HexFormat.of().parseHex(INSTANCE_PICKLE));
      store(
          zip,
          "ops/code/__torch__.py",
          (CLASS + functions.indent(2)).getBytes(StandardCharsets.UTF_8));
      store(zip, "ops/constants.pkl", EMPTY_TUPLE_PICKLE);
      store(zip, "ops/version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }
}
