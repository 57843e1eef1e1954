package org.dualoptim.core.optim;

/**
 * The rules that hyperparameters obey; each message names the key as a recipe spells it, the rule
 * and the value.
 */
final class Check {
  private Check() {}

  static void present(String name, Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
  }

  static void nonNegative(String name, double value) {
    require(value >= 0 && Double.isFinite(value), name, ">= 0", value);
  }

  static void nonNegative(String name, Double value) {
    if (value != null) {
      nonNegative(name, value.doubleValue());
    }
  }

  static void positive(String name, double value) {
    require(value > 0 && Double.isFinite(value), name, "> 0", value);
  }

  static void positive(String name, Double value) {
    if (value != null) {
      positive(name, value.doubleValue());
    }
  }

  static void atLeastOne(String name, int value) {
    require(value >= 1, name, "at least 1", value);
  }

  static void unit(String name, double value) {
    require(value >= 0 && value < 1, name, "in [0, 1)", value);
  }

  private static void require(boolean holds, String name, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", got " + value);
    }
  }
}
