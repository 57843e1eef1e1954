package org.dualoptim.bench.speed;

/**
 * A piece of work to time.
 *
 * @param width channels of the network's first stage
 * @param batch images a step
 * @param size height and width of an image
 * @param cycles cycles a round
 * @param threads how many an operator may use
 * @param telemetry whether the loop also takes what costs a pass over the parameters
 */
record Work(int width, int batch, int size, int cycles, int threads, boolean telemetry) {
  /** A cycle of the recipe is one forget step and then five retain steps. */
  static final int STEPS_PER_CYCLE = 6;

  /**
   * The same arrays, operators and calls on next to no numbers. What remains is everything that
   * does not shrink with them: Java, the crossing into the engine, and the engine's own dispatch.
   * Java's cost of a step is therefore at most this. One thread, because operators as small as
   * these would mostly wait for each other's threads, on a busy machine for ten times as long as
   * they compute.
   */
  static Work fixedCost() {
    return new Work(4, 2, 8, 10, 1, false);
  }

  /** The same, with or without telemetry. */
  Work with(boolean taps) {
    return new Work(width, batch, size, cycles, threads, taps);
  }

  int stepsPerRound() {
    return cycles * STEPS_PER_CYCLE;
  }

  String inWords() {
    return "width %s%s".formatted(width, telemetry ? ", telemetry" : "");
  }
}
