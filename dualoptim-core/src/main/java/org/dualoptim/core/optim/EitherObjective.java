package org.dualoptim.core.optim;

/** The choice that every optimizer with one state or rate an objective makes at a step. */
final class EitherObjective {
  private EitherObjective() {}

  /** The first for FORGET, the second for RETAIN. */
  static <T> T of(Objective objective, T forget, T retain) {
    return switch (objective) {
      case FORGET -> forget;
      case RETAIN -> retain;
      case JOINT ->
          throw new IllegalArgumentException(
              "a JOINT step mixes both objectives in one gradient and needs optimizer.kind = \"shared\"");
    };
  }
}
