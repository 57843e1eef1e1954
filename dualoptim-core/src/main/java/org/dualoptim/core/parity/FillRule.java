package org.dualoptim.core.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Weights that a case need not carry: integers scattered over the unit interval, the same on every
 * machine and in every language.
 *
 * <p>Element e (C order) of parameter i gets {@code base + k u} with {@code z = (2654435761 e +
 * 40503 (i + 1)) mod 2^32; z ^= z >> 16; z = 73244475 z mod 2^32; z ^= z >> 16; u = z / 2^32 -
 * 1/2}. The base is 1 for the scale of a normalisation, a 1-D {@code .weight}, else 0. The spread k
 * is 2 for class embeddings, {@code sqrt(12 / fan_in)} for arrays of two or more dimensions ({@code
 * fan_in} elements for each of the first), else 0.2.
 */
public final class FillRule {
  private static final long SPREAD_ELEMENTS = 2654435761L;
  private static final long SPREAD_PARAMETERS = 40503;
  private static final int MIX = 0x45d9f3b;
  private static final double TWO_TO_32 = 4294967296.0;
  private static final List<String> EMBEDDINGS = List.of("classes_emb", "embedding_table");

  private FillRule() {}

  /**
   * Fills arrays in order.
   *
   * @param parameters what to fill; buffers that shall keep their values are left out of it
   * @param first the i of the first one
   */
  public static void fill(Parameters parameters, int first) {
    int i = first;
    for (Parameters.Entry entry : parameters.entries()) {
      NDArray array = entry.array();
      try (Scope scope = Scope.detached(array.getManager())) {
        NDArray values =
            scope.manager().create(values(entry.name(), array.getShape(), i++), array.getShape());
        TorchOps.copy(new NDList(array), new NDList(values));
      }
    }
  }

  /** The values of one parameter, C order. */
  static float[] values(String name, Shape shape, int i) {
    boolean vector = shape.dimension() < 2;
    double base = vector && name.endsWith(".weight") ? 1 : 0;
    double spread = vector ? 0.2 : Math.sqrt(12.0 / (shape.size() / shape.get(0)));
    if (EMBEDDINGS.stream().anyMatch(name::contains)) {
      spread = 2;
    }
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int e = 0; e < values.length; e++) {
      values[e] =
          (float) (base + spread * scattered(e * SPREAD_ELEMENTS + SPREAD_PARAMETERS * (i + 1)));
    }
    return values;
  }

  /** A number in [-1/2, 1/2) from the low 32 bits. */
  private static double scattered(long seed) {
    int z = (int) seed;
    z = (z ^ z >>> 16) * MIX;
    z ^= z >>> 16;
    return Integer.toUnsignedLong(z) / TWO_TO_32 - 0.5;
  }
}
