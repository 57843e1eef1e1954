package org.dualoptim.core.image;

/**
 * The ten classes of {@link Shapes}, each as a function of the plane that is negative inside and
 * about as large as the distance to the outline. A figure fills the unit circle about the origin; y
 * points down, as in an image.
 */
enum Figure {
  DISC {
    @Override
    double distance(double x, double y) {
      return radius(x, y) - 0.88;
    }
  },
  SQUARE {
    @Override
    double distance(double x, double y) {
      return box(x, y, 0.7, 0.7);
    }
  },
  TRIANGLE {
    @Override
    double distance(double x, double y) {
      double slanted = 0.8660254037844386 * Math.abs(x) - 0.5 * y; // normals at 120 degrees
      return Math.max(slanted, y) - 0.5;
    }
  },
  CROSS {
    @Override
    double distance(double x, double y) {
      return Math.min(box(x, y, 0.95, 0.3), box(x, y, 0.3, 0.95));
    }
  },
  RING {
    @Override
    double distance(double x, double y) {
      return Math.abs(radius(x, y) - 0.7) - 0.22;
    }
  },
  STAR {
    // a fifth of the circle repeats: mirror everything into the wedge between a tip (straight up)
    // and
    // the notch 36 degrees beside it, where the outline is one line
    @Override
    double distance(double x, double y) {
      double u = Math.abs(x);
      double v = -y;
      double beyond = u * COS_108 - v * SIN_108;
      if (beyond > 0) {
        u -= 2 * beyond * COS_108;
        v += 2 * beyond * SIN_108;
      }
      beyond = u * COS_36 - v * SIN_36;
      if (beyond > 0) {
        u -= 2 * beyond * COS_36;
        v += 2 * beyond * SIN_36;
      }
      u = Math.abs(u);
      double notchU = NOTCH * SIN_36;
      double notchV = NOTCH * COS_36;
      double length = Math.sqrt(notchU * notchU + (1 - notchV) * (1 - notchV));
      return (u * (1 - notchV) + (v - 1) * notchU) / length;
    }
  },
  DIAMOND {
    @Override
    double distance(double x, double y) {
      return (0.98 * Math.abs(x) + 0.56 * Math.abs(y) - 0.98 * 0.56) / 1.1287160847617967;
    }
  },
  BAR {
    @Override
    double distance(double x, double y) {
      return box(x, y, 0.96, 0.27);
    }
  },
  CRESCENT {
    @Override
    double distance(double x, double y) {
      return Math.max(radius(x, y) - 0.92, 0.74 - radius(x - 0.46, y));
    }
  },
  CHECKER {
    @Override
    double distance(double x, double y) {
      double toAxes = Math.min(Math.abs(x), Math.abs(y));
      return Math.max(box(x, y, 0.7, 0.7), x * y > 0 ? -toAxes : toAxes);
    }
  };

  private static final double SIN_36 = 0.5877852522924731;
  private static final double COS_36 = 0.8090169943749475;
  private static final double SIN_108 = 0.9510565162951535;
  private static final double COS_108 = -0.30901699437494745;
  private static final double NOTCH = 0.42;

  /** Negative inside the figure, positive outside; in units of the figure's radius. */
  abstract double distance(double x, double y);

  private static double radius(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  private static double box(double x, double y, double halfWidth, double halfHeight) {
    return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
  }
}
