package org.dualoptim.eval.metric;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.NotFiniteException;

/**
 * The Frechet distance between two sets of features, each seen as a normal distribution: {@code FID
 * = |mu_a - mu_b|^2 + tr(S_a) + tr(S_b) - 2 tr((S_a S_b)^1/2)}. All in double.
 *
 * <p>{@code tr((S_a S_b)^1/2)} is the sum of the square roots of the eigenvalues of the symmetric
 * {@code S_a^1/2 S_b S_a^1/2}. Eigenvalues that rounding cannot tell from 0 count as 0, so fewer
 * samples than features are no error (but make a poor estimate).
 *
 * <p>Source: M. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", NeurIPS 2017. Which
 * features make the number comparable with others' is the caller's matter.
 */
public final class Fid {
  private static final int ROWS_AT_ONCE = 1024;

  private Fid() {}

  /**
   * Mean and covariance of features: all that the distance needs, so a reference set is read once.
   *
   * @param mean [D]
   * @param covariance [D, D], symmetric, normalised by N - 1
   */
  public record Moments(double[] mean, double[][] covariance) {

    /**
     * The moments of a set of features.
     *
     * @param features [N, D], N at least 2
     * @throws IllegalArgumentException if there are fewer than two rows, their lengths differ, or a
     *     value is NaN or infinite
     */
    public static Moments of(float[][] features) {
      check(features);
      int n = features.length;
      int d = features[0].length;
      double[] mean = new double[d];
      for (float[] row : features) {
        for (int j = 0; j < d; j++) {
          mean[j] += row[j];
        }
      }
      for (int j = 0; j < d; j++) {
        mean[j] /= n;
      }
      try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
          Scope scope = Scope.detached(manager)) {
        NDArray scatter = manager.zeros(new Shape(d, d), DataType.FLOAT64);
        for (int start = 0; start < n; start += ROWS_AT_ONCE) {
          double[] centred = new double[Math.min(ROWS_AT_ONCE, n - start) * d];
          for (int i = 0; i < centred.length; i++) {
            centred[i] = features[start + i / d][i % d] - mean[i % d];
          }
          try (NDManager chunk = manager.newSubManager()) {
            NDArray rows = chunk.create(centred, new Shape(centred.length / d, d));
            scatter.addi(rows.transpose().matMul(rows));
          }
        }
        return new Moments(mean, rows(scatter.divi(n - 1), d));
      }
    }

    private static double[][] rows(NDArray matrix, int d) {
      double[] flat = matrix.toDoubleArray();
      double[][] rows = new double[d][];
      for (int i = 0; i < d; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * d, (i + 1) * d);
      }
      return rows;
    }

    private static void check(float[][] features) {
      if (features.length < 2) {
        throw new IllegalArgumentException(
            "A covariance needs at least 2 rows of features, not "
                + features.length
                + "; evaluate more samples.");
      }
      for (int i = 0; i < features.length; i++) {
        if (features[i].length == 0 || features[i].length != features[0].length) {
          throw new IllegalArgumentException(
              "Row "
                  + i
                  + " has "
                  + features[i].length
                  + " features and row 0 has "
                  + features[0].length
                  + "; all need the same, at least 1.");
        }
        for (float value : features[i]) {
          if (!Float.isFinite(value)) {
            throw new NotFiniteException("a feature of row " + i, value);
          }
        }
      }
    }
  }

  /**
   * The distance between two sets of features, in either order.
   *
   * @param a [N, D]
   * @param b [M, D]
   * @throws IllegalArgumentException if a set has fewer than two rows or D differs
   */
  public static double between(float[][] a, float[][] b) {
    return between(Moments.of(a), Moments.of(b));
  }

  /**
   * The distance between two sets known by their moments, in either order.
   *
   * @throws IllegalArgumentException if D differs
   */
  public static double between(Moments a, Moments b) {
    int d = a.mean.length;
    if (b.mean.length != d) {
      throw new IllegalArgumentException(
          "The sets have "
              + d
              + " and "
              + b.mean.length
              + " features; take both from the same network.");
    }
    double distance = 0;
    for (int j = 0; j < d; j++) {
      double shift = a.mean[j] - b.mean[j];
      distance += shift * shift + a.covariance[j][j] + b.covariance[j][j];
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Scope scope = Scope.detached(manager)) {
      NDArray root = squareRoot(matrix(a.covariance, manager));
      NDArray product = root.matMul(matrix(b.covariance, manager)).matMul(root);
      for (double eigenvalue : positive(TorchOps.eigvalsh(symmetric(product)))) {
        distance -= 2 * Math.sqrt(eigenvalue);
      }
    }
    return distance;
  }

  private static NDArray matrix(double[][] rows, NDManager manager) {
    int d = rows.length;
    double[] flat = new double[d * d];
    for (int i = 0; i < d; i++) {
      System.arraycopy(rows[i], 0, flat, i * d, d);
    }
    return manager.create(flat, new Shape(d, d));
  }

  private static NDArray symmetric(NDArray matrix) {
    return matrix.add(matrix.transpose()).mul(0.5);
  }

  /**
   * {@code V diag(sqrt(w)) V'} of a positive semidefinite matrix with eigenvalues w and
   * eigenvectors V.
   */
  private static NDArray squareRoot(NDArray matrix) {
    NDList eigen = TorchOps.eigh(symmetric(matrix));
    NDArray vectors = eigen.get(1);
    NDArray roots = matrix.getManager().create(positive(eigen.get(0))).sqrt();
    return vectors.mul(roots).matMul(vectors.transpose());
  }

  /**
   * Eigenvalues with 0 for those that rounding cannot tell from it, which is what lies below D
   * roundings of the largest: left in, the square root of one would be a hundred million times the
   * rounding.
   */
  private static double[] positive(NDArray ascending) {
    double[] values = ascending.toDoubleArray();
    int d = values.length;
    double least = d * Math.ulp(values[d - 1]);
    return Arrays.stream(values).map(value -> value > least ? value : 0).toArray();
  }
}
