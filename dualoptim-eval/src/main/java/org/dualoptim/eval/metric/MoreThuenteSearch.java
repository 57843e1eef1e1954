package org.dualoptim.eval.metric;

/**
 * The line search of J. More and D. Thuente, "Line search algorithms with guaranteed sufficient
 * decrease", ACM TOMS 20(3), 1994, with the constants that L-BFGS-B gives it.
 *
 * <p>It looks for a step s from 0 with {@code phi(s) <= phi(0) + 0.001 s phi'(0)} and {@code
 * |phi'(s)| <= 0.9 |phi'(0)|}: try {@link #step()}, {@link #tell} what was found there, until it is
 * {@link #done()}.
 *
 * <p>Until a step has decreased phi enough and no longer points downhill, steps that decrease it
 * too little are judged by {@code psi(s) = phi(s) - 0.001 s phi'(0)} instead.
 */
final class MoreThuenteSearch {
  private static final double DECREASE = 1e-3;
  private static final double CURVATURE = 0.9;
  private static final double NARROW = 0.1;
  private static final double LONGEST_STEP = 1e10;

  /** What a bracket must shrink to in two trials, and how much of it one trial may use. */
  private static final double SHRINK = 0.66;

  /** How far beyond the best step the next one lies while there is no bracket. */
  private static final double LEAST_GROWTH = 1.1;

  private static final double MOST_GROWTH = 4;

  /** The function at a step. */
  private record Sample(double step, double value, double slope) {

    /** The same of the function less a line through 0. */
    Sample lessLine(double lineSlope) {
      return new Sample(step, value - step * lineSlope, slope - lineSlope);
    }
  }

  private final double startValue;
  private final double startSlope;
  private Sample best;
  private Sample other;
  private boolean bracketed;
  private boolean decreasing = true;
  private double width = LONGEST_STEP;
  private double widthBefore = 2 * LONGEST_STEP;
  private double least;
  private double most;
  private double step;
  private boolean done;

  /**
   * Starts a search.
   *
   * @param value phi(0)
   * @param slope phi'(0), negative
   * @param first the first step to try, positive
   */
  MoreThuenteSearch(double value, double slope, double first) {
    startValue = value;
    startSlope = slope;
    best = new Sample(0, value, slope);
    other = best;
    step = first;
    most = (1 + MOST_GROWTH) * first;
  }

  /** The step to try, or, when done, the one that was found. */
  double step() {
    return step;
  }

  /** Whether the last step told is to be taken: it fits, or rounding allows no better one. */
  boolean done() {
    return done;
  }

  /**
   * Takes in the function at {@link #step()} and chooses the next.
   *
   * @param value phi(step)
   * @param slope phi'(step)
   */
  void tell(double value, double slope) {
    Sample here = new Sample(step, value, slope);
    double line = DECREASE * startSlope;
    boolean enough = value <= startValue + step * line;
    if (enough && slope >= 0) {
      decreasing = false;
    }
    boolean fits = enough && Math.abs(slope) <= CURVATURE * -startSlope;
    boolean atLimit = step == LONGEST_STEP && enough && slope <= line;
    if (fits || atLimit || exhausted()) {
      done = true;
      return;
    }
    if (decreasing && !enough && value <= best.value) {
      advance(here.lessLine(line), best.lessLine(line), other.lessLine(line));
      best = best.lessLine(-line);
      other = other.lessLine(-line);
    } else {
      advance(here, best, other);
    }
    keepInside();
  }

  private boolean exhausted() {
    return bracketed && (step <= least || step >= most || most - least <= NARROW * most);
  }

  private void keepInside() {
    if (bracketed) {
      if (Math.abs(other.step - best.step) >= SHRINK * widthBefore) {
        step = best.step + (other.step - best.step) / 2;
      }
      widthBefore = width;
      width = Math.abs(other.step - best.step);
      least = Math.min(best.step, other.step);
      most = Math.max(best.step, other.step);
    } else {
      least = step + LEAST_GROWTH * (step - best.step);
      most = step + MOST_GROWTH * (step - best.step);
    }
    step = Math.min(Math.max(step, 0), LONGEST_STEP);
    if (exhausted()) {
      step = best.step;
    }
  }

  /** Chooses the next step and narrows the interval between best and other down to it. */
  private void advance(Sample here, Sample low, Sample high) {
    boolean opposite = here.slope * Math.signum(low.slope) < 0;
    if (here.value > low.value) {
      double cubic = cubic(low, here);
      double quadratic =
          low.step
              + low.slope
                  / ((low.value - here.value) / (here.step - low.step) + low.slope)
                  / 2
                  * (here.step - low.step);
      step =
          Math.abs(cubic - low.step) < Math.abs(quadratic - low.step)
              ? cubic
              : cubic + (quadratic - cubic) / 2;
      bracketed = true;
    } else if (opposite) {
      step = farther(here.step, cubic(here, low), secant(here, low));
      bracketed = true;
    } else if (Math.abs(here.slope) < Math.abs(low.slope)) {
      step = towardsMinimum(here, low, high);
    } else if (bracketed) {
      step = cubic(here, high);
    } else {
      step = here.step > low.step ? most : least;
    }
    if (here.value > low.value) {
      best = low;
      other = here;
    } else {
      best = here;
      other = opposite ? low : high;
    }
  }

  /** The slope flattens: the minimum of the cubic may lie beyond here, or nowhere. */
  private double towardsMinimum(Sample here, Sample low, Sample high) {
    double cubic = cubic(here, low);
    boolean beyond = (cubic - here.step) * (here.step - low.step) > 0;
    if (!beyond) {
      cubic = here.step > low.step ? most : least;
    }
    double secant = secant(here, low);
    if (!bracketed) {
      return Math.max(least, Math.min(most, farther(here.step, cubic, secant)));
    }
    double next = Math.abs(cubic - here.step) < Math.abs(secant - here.step) ? cubic : secant;
    double limit = here.step + SHRINK * (high.step - here.step);
    return here.step > low.step ? Math.min(limit, next) : Math.max(limit, next);
  }

  private static double farther(double from, double a, double b) {
    return Math.abs(a - from) > Math.abs(b - from) ? a : b;
  }

  /** Where the slope would be 0 if it were linear. */
  private static double secant(Sample a, Sample b) {
    return a.step + a.slope / (a.slope - b.slope) * (b.step - a.step);
  }

  /** The minimum of the cubic through two values and slopes; NaN if it has none. */
  private static double cubic(Sample a, Sample b) {
    double theta = 3 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope;
    double scale = Math.max(Math.abs(theta), Math.max(Math.abs(a.slope), Math.abs(b.slope)));
    double t = theta / scale;
    double root =
        Math.copySign(
            scale * Math.sqrt(t * t - a.slope / scale * (b.slope / scale)), b.step - a.step);
    double share = (root - a.slope + theta) / (root - a.slope + root + b.slope);
    return a.step + share * (b.step - a.step);
  }
}
