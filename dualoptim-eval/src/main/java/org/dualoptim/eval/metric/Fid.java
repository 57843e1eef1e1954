package org.dualoptim.eval.metric;

import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.StatUtils;

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
      RealMatrix scatter = new BlockRealMatrix(d, d);
      for (int start = 0; start < n; start += ROWS_AT_ONCE) {
        double[][] centred = new double[Math.min(ROWS_AT_ONCE, n - start)][d];
        for (int i = 0; i < centred.length; i++) {
          for (int j = 0; j < d; j++) {
            centred[i][j] = features[start + i][j] - mean[j];
          }
        }
        RealMatrix rows = new BlockRealMatrix(centred);
        scatter = scatter.add(rows.transpose().multiply(rows));
      }
      return new Moments(mean, scatter.scalarMultiply(1.0 / (n - 1)).getData());
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
            throw new IllegalArgumentException(
                "Row "
                    + i
                    + " holds the feature "
                    + value
                    + "; the distance needs finite features, check the images.");
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
    RealMatrix root = Spectrum.of(new BlockRealMatrix(a.covariance)).squareRoot();
    RealMatrix product = root.multiply(new BlockRealMatrix(b.covariance)).multiply(root);
    for (double eigenvalue : Spectrum.of(product).values) {
      distance -= 2 * Math.sqrt(eigenvalue);
    }
    return distance;
  }

  /**
   * Eigenvalues, each 0 or above rounding, and eigenvectors (columns) of a positive semidefinite
   * matrix.
   */
  private record Spectrum(double[] values, RealMatrix vectors) {

    /**
     * Decomposes the symmetric part.
     *
     * <p>The solver measures convergence against neighbouring eigenvalues and gives up where a
     * whole block of them is 0 (fewer samples than features). Shifting all by the largest variance
     * lets it measure against the matrix's size, at no loss: an eigenvalue is known to rounding of
     * the largest, not of itself. What lies below D roundings of the largest is 0: left in, its
     * square root would be a hundred million times the rounding.
     */
    static Spectrum of(RealMatrix matrix) {
      int d = matrix.getRowDimension();
      double shift = 0;
      for (int j = 0; j < d; j++) {
        shift = Math.max(shift, matrix.getEntry(j, j));
      }
      RealMatrix symmetric = matrix.add(matrix.transpose()).scalarMultiply(0.5);
      EigenDecomposition eigen =
          new EigenDecomposition(
              symmetric.add(MatrixUtils.createRealIdentityMatrix(d).scalarMultiply(shift)));
      double[] values = eigen.getRealEigenvalues();
      double largest = StatUtils.max(values) - shift;
      for (int j = 0; j < d; j++) {
        double value = values[j] - shift;
        values[j] = value > d * Math.ulp(largest) ? value : 0;
      }
      return new Spectrum(values, eigen.getV());
    }

    RealMatrix squareRoot() {
      RealMatrix scaled = vectors.copy();
      for (int j = 0; j < values.length; j++) {
        scaled.setColumnVector(j, scaled.getColumnVector(j).mapMultiply(Math.sqrt(values[j])));
      }
      return scaled.multiply(vectors.transpose());
    }
  }
}
