package org.dualoptim.vision.data;

/**
 * The rules that recipe values obey; each message names the key as a recipe spells it, the rule and
 * the value.
 */
final class Check {
  private Check() {}

  static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", got " + value);
    }
  }

  static void atLeast(String name, int least, int value) {
    require(value >= least, name, ">= " + least, value);
  }

  /** In the closed interval; false for NaN. */
  static void between(String name, double low, double high, double value) {
    require(value >= low && value <= high, name, "in [" + low + ", " + high + "]", value);
  }
}
