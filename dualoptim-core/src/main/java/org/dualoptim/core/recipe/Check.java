package org.dualoptim.core.recipe;

import java.util.List;

/**
 * The rules that a recipe's values obey, for the records that they become. Each message names the
 * key as a recipe spells it, the rule and the value: {@code ratio must be in [0, 1], got 1.5}.
 */
public final class Check {
  private Check() {}

  /**
   * @param rule what follows "must be"
   * @throws IllegalArgumentException if the rule does not hold
   */
  public static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", got " + value);
    }
  }

  public static void present(String name, Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
  }

  public static void atLeast(String name, int least, int value) {
    require(value >= least, name, ">= " + least, value);
  }

  public static void finite(String name, double value) {
    require(Double.isFinite(value), name, "finite", value);
  }

  /** Every number of a list; the message names its place. */
  public static void finite(String name, List<Double> values) {
    for (int i = 0; i < values.size(); i++) {
      finite(name + "[" + i + "]", values.get(i).doubleValue());
    }
  }

  /** And finite. */
  public static void nonNegative(String name, double value) {
    require(value >= 0, name, ">= 0", value);
    finite(name, value);
  }

  /** Absent is allowed. */
  public static void nonNegative(String name, Double value) {
    if (value != null) {
      nonNegative(name, value.doubleValue());
    }
  }

  /** And finite. */
  public static void positive(String name, double value) {
    require(value > 0, name, "> 0", value);
    finite(name, value);
  }

  /** Absent is allowed. */
  public static void positive(String name, Double value) {
    if (value != null) {
      positive(name, value.doubleValue());
    }
  }

  /** In the closed interval; false for NaN. */
  public static void between(String name, double low, double high, double value) {
    require(value >= low && value <= high, name, "in [" + low + ", " + high + "]", value);
  }

  /** In [0, 1). */
  public static void unit(String name, double value) {
    require(value >= 0 && value < 1, name, "in [0, 1)", value);
  }
}
