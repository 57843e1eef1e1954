package org.dualoptim.eval.metric;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth function as SciPy's {@code minimize(method="L-BFGS-B")} does without bounds:
 * step for step, so it also stops where SciPy stops, which can be far from the minimum of a flat
 * function.
 *
 * <ol>
 *   <li>Stop at once if no component of the gradient is larger than the tolerance.
 *   <li>Direction: {@code -H g}, H built from the last 10 pairs of steps and gradient changes by
 *       the two-loop recursion and scaled by {@code s'y / y'y} of the last; without a pair, -g.
 *   <li>{@link MoreThuenteSearch} along it, from {@code 1 / |g|} the first time and 1 later. If 20
 *       trials find nothing, forget the pairs and search along -g; if there were none, stop.
 *   <li>Stop after the given number of iterations, when the gradient is within the tolerance, or
 *       when the value fell by no more than {@code 2.22e-9 max(|f|, 1)}.
 * </ol>
 *
 * <p>Source: C. Zhu, R. Byrd, P. Lu, J. Nocedal, "Algorithm 778: L-BFGS-B", ACM TOMS 23(4), 1997;
 * defaults of SciPy 1.10.
 */
final class Lbfgs {
  private static final int PAIRS = 10;
  private static final int TRIALS = 20;
  private static final double LEAST_DECREASE = 2.2204460492503131e-09;
  private static final double EPSILON = Math.ulp(1.0);

  /** A function with its gradient. */
  @FunctionalInterface
  interface Objective {
    Point at(double[] x);
  }

  /** The objective at a place. */
  record Point(double[] x, double value, double[] gradient) {}

  /** A step s, the change y of the gradient over it, and s'y. */
  private record Pair(double[] s, double[] y, double sy) {}

  private final Objective objective;
  private final Deque<Pair> pairs = new ArrayDeque<>(); // newest first
  private Point here;

  private Lbfgs(Objective objective, double[] start) {
    this.objective = objective;
    this.here = objective.at(start);
  }

  /**
   * Minimises the objective.
   *
   * @param start where to start; left as it is
   * @param gradientTolerance the largest component of the gradient that counts as 0
   * @param iterations how many to make at most
   * @return the last place reached
   */
  static double[] minimise(
      Objective objective, double[] start, double gradientTolerance, int iterations) {
    Lbfgs run = new Lbfgs(objective, start);
    int iteration = 0;
    while (iteration < iterations && largest(run.here.gradient) > gradientTolerance) {
      double before = run.here.value;
      if (run.search(iteration == 0)) {
        iteration++;
        double scale = Math.max(Math.max(Math.abs(before), Math.abs(run.here.value)), 1);
        if (before - run.here.value <= LEAST_DECREASE * scale) {
          break;
        }
      } else if (run.pairs.isEmpty()) {
        break;
      } else {
        run.pairs.clear();
      }
    }
    return run.here.x;
  }

  /** Moves to a lower place, if the search finds one. */
  private boolean search(boolean first) {
    double[] direction = direction();
    double slope = dot(here.gradient, direction);
    if (slope >= 0) {
      return false;
    }
    double length = first ? 1 / Math.sqrt(dot(direction, direction)) : 1;
    MoreThuenteSearch search = new MoreThuenteSearch(here.value, slope, length);
    for (int trial = 0; trial < TRIALS; trial++) {
      double step = search.step();
      Point there = objective.at(plus(here.x, step, direction));
      double slopeThere = dot(there.gradient, direction);
      search.tell(there.value, slopeThere);
      if (search.done()) {
        double sy = (slopeThere - slope) * step;
        if (sy > EPSILON * -slope * step) {
          remember(
              new Pair(plus(there.x, -1, here.x), plus(there.gradient, -1, here.gradient), sy));
        }
        here = there;
        return true;
      }
    }
    return false;
  }

  private void remember(Pair pair) {
    if (pairs.size() == PAIRS) {
      pairs.removeLast();
    }
    pairs.addFirst(pair);
  }

  private double[] direction() {
    double[] d = plus(new double[here.x.length], -1, here.gradient);
    double[] weights = new double[pairs.size()];
    int i = 0;
    for (Pair pair : pairs) {
      weights[i] = dot(pair.s, d) / pair.sy;
      d = plus(d, -weights[i++], pair.y);
    }
    if (!pairs.isEmpty()) {
      Pair newest = pairs.getFirst();
      double scale = newest.sy / dot(newest.y, newest.y);
      for (int j = 0; j < d.length; j++) {
        d[j] *= scale;
      }
    }
    for (Iterator<Pair> oldestFirst = pairs.descendingIterator(); oldestFirst.hasNext(); ) {
      Pair pair = oldestFirst.next();
      d = plus(d, weights[--i] - dot(pair.y, d) / pair.sy, pair.s);
    }
    return d;
  }

  private static double largest(double[] vector) {
    double largest = 0;
    for (double value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@code a + factor b}. */
  private static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + factor * b[i];
    }
    return sum;
  }
}
