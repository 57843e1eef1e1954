package org.dualoptim.core.unlearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dualoptim.core.optim.Objective.FORGET;
import static org.dualoptim.core.optim.Objective.JOINT;
import static org.dualoptim.core.optim.Objective.RETAIN;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.optim.Dual;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.run.PeakMemory;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Weights;
import org.junit.jupiter.api.Test;

class UnlearningLoopTest {
  private static final Draws DRAWS = new Draws(3);
  private static final UnlearningOptimizer DUAL = new Dual(Toy.adamw(0.05), Toy.momentum(0.1));

  private static UnlearningLoop loop(UnlearningOptimizer optimizer, Tap... taps) {
    return new UnlearningLoop(optimizer, DRAWS, Set.of(taps));
  }

  private static Plan plan(Toy toy, Schedule schedule) {
    return Plan.of(
        schedule,
        Part.descend(
            FORGET,
            Toy.rows("forget", 2, 2, 2),
            (rows, moment) -> toy.distance().of(rows, moment).neg()),
        Part.descend(RETAIN, Toy.rows("retain", 3, 3), toy.distance()));
  }

  @Test
  void isAlgorithmOneWithTwoOptimizers() {
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      loop(DUAL).run(plan(toy, Toy.steps(1, 2, 4)), state, (record, s, steps) -> {});
      assertThat(toy.values()).containsExactly(algorithmOne(), within(2e-6f));
    }
  }

  /** The same run written out: AdamW on forget steps, momentum SGD on retain steps, in double. */
  private static float[] algorithmOne() {
    double[] w = {1, 2, 3, 4};
    double[] m = new double[4];
    double[] v = new double[4];
    double[] b = new double[4];
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (int cycle = 0; cycle < 4; cycle++) {
        float[] forget = mean(Toy.rows("forget", 2, 2, 2).at(cycle, manager));
        for (int i = 0; i < 4; i++) {
          double g = forget[i] - w[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          double mHat = m[i] / (1 - Math.pow(0.9, cycle + 1));
          double vHat = v[i] / (1 - Math.pow(0.999, cycle + 1));
          w[i] = w[i] * (1 - 0.05 * 0.01) - 0.05 * mHat / (Math.sqrt(vHat) + 1e-8);
        }
        for (int r = 0; r < 2; r++) {
          float[] retain = mean(Toy.rows("retain", 3, 3).at(2 * cycle + r, manager));
          for (int i = 0; i < 4; i++) {
            b[i] = 0.9 * b[i] + w[i] - retain[i];
            w[i] -= 0.1 * b[i];
          }
        }
      }
    }
    return new float[] {(float) w[0], (float) w[1], (float) w[2], (float) w[3]};
  }

  private static float[] mean(NDArray rows) {
    return rows.mean(new int[] {0}).toFloatArray();
  }

  @Test
  void aStepOfOneObjectiveLeavesTheOthersStateAlone() {
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      List<Map<String, HostTensor>> states = new ArrayList<>(List.of(state.optimizer().save()));
      List<Objective> objectives = new ArrayList<>();
      loop(DUAL)
          .run(
              plan(toy, Toy.steps(2, 3, 2)),
              state,
              (record, s, steps) -> {
                objectives.add(record.objective());
                states.add(s.optimizer().save());
              });
      for (int step = 0; step < objectives.size(); step++) {
        String own = objectives.get(step).id() + "/";
        Map<String, HostTensor> before = states.get(step);
        states
            .get(step + 1)
            .forEach(
                (name, tensor) -> {
                  if (name.startsWith(own)) {
                    assertThat(tensor).as(name).isNotEqualTo(before.get(name));
                  } else {
                    assertThat(tensor).as(name).isEqualTo(before.get(name));
                  }
                });
      }
    }
  }

  @Test
  void aJointPartNeedsASharedOptimizer() {
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      Plan joint =
          Plan.of(
              new Schedule.Passes(null, null, 1, 1, Toy.CONSTANT),
              Part.descend(JOINT, Toy.rows("all", 2), toy.distance()));
      assertThatThrownBy(() -> loop(DUAL).run(joint, state, (record, s, steps) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("optimizer: a joint step needs kind = \"shared\", got Dual");
      assertThat(toy.values()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void learningRatesFollowTheClock() {
    UnlearningOptimizer plain = new Shared(Toy.sgd(1), null, null);
    try (Toy toy = Toy.of(1, 1, 1, 1);
        LoopState state = toy.start(plain)) {
      Schedule warm =
          new Schedule.Steps(
              0, 1, null, 3, Schedule.Clock.UPDATE, new LrSchedule.LinearWarmup(2, 4.0));
      List<Double> factors = new ArrayList<>();
      List<Float> weights = new ArrayList<>();
      Plan plan = Plan.of(warm, Part.descend(RETAIN, Toy.vectors(new float[4]), toy.distance()));
      loop(plain)
          .run(
              plan,
              state,
              (record, s, steps) -> {
                factors.add(record.lrFactor());
                weights.add(toy.values()[0]);
              });
      assertThat(factors).containsExactly(0.0, 0.5, 1.0);
      assertThat(weights).containsExactly(1f, 0.5f, 0f);
    }
  }

  @Test
  void telemetryNamesWhereEachNumberWasTaken() {
    UnlearningOptimizer plain = new Shared(Toy.sgd(0.5), null, null);
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(plain)) {
      Plan plan =
          Plan.of(
              Toy.steps(1, 2, 1),
              Part.descend(FORGET, Toy.vectors(new float[] {3, 4}), toy.distance())
                  .then(new ClipGlobalNorm(1)),
              Part.descend(RETAIN, Toy.vectors(new float[] {1, 0}), toy.distance()));
      List<StepRecord> records = new ArrayList<>();
      loop(plain, Tap.values()).run(plan, state, (record, s, steps) -> records.add(record));

      StepRecord forget = records.get(0);
      assertThat(forget.loss()).isEqualTo(12.5);
      assertThat(forget.gradientNorm()).isEqualTo(5);
      assertThat(forget.appliedNorm()).isCloseTo(1, within(1e-6));
      assertThat(forget.updateNorm()).isCloseTo(0.5, within(1e-6));
      assertThat(forget.cosine()).isNaN();
      assertThat(records.get(1).cosine())
          .as("only the last retain step of a block is compared")
          .isNaN();
      // w = (0.3, 0.4), then w - x = (-0.7, 0.4), w = (0.65, 0.2), w - x = (-0.35, 0.2); forget
      // gradient (-0.6, -0.8)
      assertThat(records.get(2).cosine())
          .isCloseTo((0.6 * 0.35 - 0.8 * 0.2) / Math.hypot(0.35, 0.2), within(1e-5));
      assertThat(records.get(2).updateNorm()).isCloseTo(0.5 * Math.hypot(0.35, 0.2), within(1e-6));
    }
  }

  @Test
  void aLossThatIsNotANumberStopsBeforeTheStep() throws InterruptedException {
    float nan = Float.NaN;
    Batches<NDArray> poisoned =
        Toy.vectors(
            new float[] {1, 1}, new float[] {2, 2}, new float[] {3, nan}, new float[] {4, 4});
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(DUAL)) {
      Plan plan = Plan.of(Toy.steps(1, 0, 4), Part.descend(FORGET, poisoned, toy.distance()));
      List<Object> last = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  loop(DUAL, Tap.values())
                      .run(
                          plan,
                          state,
                          (record, s, steps) -> {
                            last.clear();
                            last.addAll(
                                List.of(Weights.tensors(s.parameters()), s.optimizer().save()));
                          }))
          .isInstanceOf(DivergedException.class)
          .hasMessage("diverged at step 2 (forget): loss is NaN");
      assertThat(state.cursor()).isEqualTo(2);
      assertThat(last)
          .isEqualTo(List.of(Weights.tensors(toy.parameters()), state.optimizer().save()));
      assertNoLoaderIsAlive();
    }
  }

  @Test
  void anInfiniteGradientStopsBeforeTheStepEvenWhereTheLossIsFinite() {
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(DUAL)) {
      Part<NDArray> root =
          Part.descend(
              RETAIN,
              Toy.vectors(new float[] {0, 0}),
              (rows, moment) -> toy.array("w").add(rows).sqrt().sum());
      assertThatThrownBy(
              () ->
                  loop(DUAL)
                      .run(Plan.of(Toy.steps(0, 1, 1), root), state, (record, s, steps) -> {}))
          .hasMessage("diverged at step 0 (retain): gradient norm is infinite");
      assertThat(toy.values()).containsExactly(0, 0);
    }
  }

  @Test
  void weightsThatTheLastStepBlewUpAreNoResult() {
    UnlearningOptimizer huge = new Shared(Toy.sgd(1e38), null, null);
    try (Toy toy = Toy.of(1e3f, 0);
        LoopState state = toy.start(huge)) {
      Plan plan =
          Plan.of(
              Toy.steps(0, 1, 1), Part.descend(RETAIN, Toy.vectors(new float[2]), toy.distance()));
      assertThatThrownBy(() -> loop(huge).run(plan, state, (record, s, steps) -> {}))
          .hasMessage(
              "diverged at step 0 (retain): norm of the weights after the step is infinite");
    }
  }

  @Test
  void aFailingBatchSurfacesAsItIs() throws InterruptedException {
    Batches<NDArray> failing =
        new Batches<>() {
          @Override
          public int perPass() {
            return 10;
          }

          @Override
          public NDArray load(int pass, int index, NDManager manager) {
            if (index == 3) {
              throw new IllegalStateException("image 17 is damaged");
            }
            return manager.create(new float[] {index, index});
          }
        };
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(DUAL)) {
      Plan plan =
          Plan.of(
              Toy.steps(0, 1, 10),
              Part.descend(RETAIN, failing, (x, moment) -> toy.array("w").sub(x).square().sum()));
      assertThatThrownBy(() -> loop(DUAL).run(plan, state, (record, s, steps) -> {}))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("image 17 is damaged");
      assertThat(state.cursor()).as("the steps before it were done").isEqualTo(3);
      assertNoLoaderIsAlive();
    }
  }

  @Test
  void anErrorWhileLoadingSurfacesAsItIs() throws InterruptedException {
    Batches<NDArray> full =
        loading(
            (pass, index) -> {
              throw new OutOfMemoryError("Java heap space");
            });
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(DUAL)) {
      Plan plan = Plan.of(Toy.steps(0, 1, 2), Part.descend(RETAIN, full, toy.distance()));
      assertThatThrownBy(() -> loop(DUAL).run(plan, state, (record, s, steps) -> {}))
          .isInstanceOf(OutOfMemoryError.class);
      assertNoLoaderIsAlive();
    }
  }

  @Test
  void aFailingListenerEndsTheRunAfterItsStep() throws InterruptedException {
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      assertThatThrownBy(
              () ->
                  loop(DUAL)
                      .run(
                          plan(toy, Toy.steps(1, 1, 5)),
                          state,
                          (record, s, steps) -> {
                            if (record.step() == 4) {
                              throw new IllegalStateException("disk full");
                            }
                          }))
          .hasMessage("disk full");
      assertThat(state.cursor()).isEqualTo(5);
      assertNoLoaderIsAlive();
    }
  }

  @Test
  void anInterruptWaitsForTheBatchThatIsBeingLoaded() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Batches<NDArray> slow =
        new Batches<>() {
          @Override
          public int perPass() {
            return 1;
          }

          @Override
          public NDArray load(int pass, int index, NDManager manager) {
            loading.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new AssertionError("the loader was interrupted", e);
            }
            return manager.create(new float[] {0, 0});
          }
        };
    try (Toy toy = Toy.of(0, 0);
        LoopState state = toy.start(DUAL)) {
      Plan plan = Plan.of(Toy.steps(0, 1, 1), Part.descend(RETAIN, slow, toy.distance()));
      List<Throwable> thrown = new ArrayList<>();
      Thread runner =
          new Thread(
              () -> {
                try {
                  loop(DUAL).run(plan, state, (record, s, steps) -> {});
                } catch (RuntimeException e) {
                  thrown.add(e);
                  thrown.add(
                      new Exception(Boolean.toString(Thread.currentThread().isInterrupted())));
                }
              });
      runner.start();
      loading.await();
      runner.interrupt();
      runner.join(50);
      assertThat(runner.isAlive()).as("waits for the batch").isTrue();
      release.countDown();
      runner.join();
      assertThat(thrown.get(0))
          .hasMessage("interrupted while waiting for a batch")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(thrown.get(1)).as("the thread stays interrupted").hasMessage("true");
      assertNoLoaderIsAlive();
    }
  }

  @Test
  void nothingPilesUpOverTheSteps() {
    try (Toy toy = Toy.of(new float[1 << 18])) {
      toy.add("running_mean", Role.BUFFER, new Shape(2), 0, 0);
      growthOverCarelessSteps(toy, 5);
      int handles = Handles.below(toy.manager);
      long growth = growthOverCarelessSteps(toy, 280);
      assertThat(Handles.below(toy.manager))
          .as("arrays and managers below the model")
          .isEqualTo(handles);
      assertThat(growth)
          .as("MiB in 400 steps, Java's heap included; one array a step would be 400")
          .isLessThan(200);
      assertThat(toy.manager.getManagedArrays())
          .as("the model has its arrays back")
          .contains(toy.array("w"));
    }
  }

  /**
   * How much resident memory grows between the 100th step and the 500th of a run whose loss and
   * listener begin with the weights, so that all they compute would belong to the model.
   */
  private static long growthOverCarelessSteps(Toy toy, int cycles) {
    UnlearningOptimizer shared = new Shared(Toy.adamw(1e-3), null, null);
    Batches<NDArray> ones = loading((pass, index) -> 1f);
    Loss<NDArray> careless =
        (x, moment) -> toy.array("w").sub(x).square().mean().add(toy.array("w").square().mean());
    Plan plan =
        Plan.of(
            Toy.steps(1, 1, cycles),
            Part.descend(FORGET, ones, careless).accumulating(2).then(new ClipGlobalNorm(1)),
            Part.descend(RETAIN, ones, careless));
    long[] resident = new long[2];
    try (LoopState state = toy.start(shared)) {
      loop(shared, Tap.values())
          .run(
              plan,
              state,
              (record, s, steps) -> {
                toy.array("w").abs().mean();
                if (record.step() == 100 || record.step() == 500) {
                  resident[record.step() == 100 ? 0 : 1] = PeakMemory.currentMebibytes();
                }
              });
    }
    return resident[1] - resident[0];
  }

  @Test
  void howFastBatchesLoadChangesNothing() {
    float[] quick = afterLoading(0);
    assertThat(afterLoading(1)).isEqualTo(quick);
  }

  private static float[] afterLoading(int millis) {
    Batches<NDArray> rows = Toy.rows("forget", 2, 3, 1);
    Batches<NDArray> jittered =
        new Batches<>() {
          @Override
          public int perPass() {
            return rows.perPass();
          }

          @Override
          public NDArray load(int pass, int index, NDManager manager) {
            sleep(millis * (pass * 7 + index * 3) % 5);
            return rows.load(pass, index, manager);
          }

          @Override
          public double weight(int index) {
            return rows.weight(index);
          }
        };
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      Loss<NDArray> noisy =
          (x, moment) ->
              toy.distance().of(x.add(x.getManager().randomNormal(x.getShape())), moment);
      Plan plan =
          Plan.of(
              Toy.steps(1, 2, 8),
              Part.descend(FORGET, jittered, noisy).accumulating(2),
              Part.descend(RETAIN, Toy.rows("retain", 2, 2), noisy));
      loop(DUAL).run(plan, state, (record, s, steps) -> sleep(millis * record.step() % 3));
      return toy.values();
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoLoopsAtOnceAreEachAsAlone() throws Exception {
    Callable<float[]> first = () -> finished(1, Toy.steps(1, 3, 60));
    Callable<float[]> second = () -> finished(-2, Toy.steps(2, 1, 60));
    List<float[]> alone = List.of(first.call(), second.call());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int repeat = 0; repeat < 3; repeat++) {
        List<Future<float[]>> together = threads.invokeAll(List.of(first, second));
        assertThat(together.get(0).get()).isEqualTo(alone.get(0));
        assertThat(together.get(1).get()).isEqualTo(alone.get(1));
      }
    } finally {
      threads.shutdown();
    }
  }

  private static float[] finished(float start, Schedule schedule) {
    try (Toy toy = Toy.of(start, start, start, start);
        LoopState state = toy.start(DUAL)) {
      loop(DUAL, Tap.values()).run(plan(toy, schedule), state, (record, s, steps) -> {});
      return toy.values();
    }
  }

  @Test
  void aLossWithoutAGraphIsToldInASentence() {
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      Part<NDArray> deaf =
          Part.descend(RETAIN, Toy.rows("retain", 2), (rows, moment) -> rows.square().sum());
      assertThatThrownBy(
              () ->
                  loop(DUAL)
                      .run(Plan.of(Toy.steps(0, 1, 1), deaf), state, (record, s, steps) -> {}))
          .hasMessage(
              "a loss has no graph: it was not computed from arrays that require gradients, or not in a recording scope");
    }
  }

  @Test
  void aModelOfBuffersHasNothingToTrain() {
    try (Toy toy = new Toy()) {
      toy.add("frozen", Role.BUFFER, new Shape(1), 1);
      try (LoopState state = toy.start(new Shared(Toy.sgd(1), null, null))) {
        Plan plan =
            Plan.of(
                Toy.steps(0, 1, 1),
                Part.descend(RETAIN, Toy.rows("retain", 2), (rows, moment) -> rows.sum()));
        assertThatThrownBy(() -> loop(DUAL).run(plan, state, (record, s, steps) -> {}))
            .hasMessage("there is nothing to train: every array of the model is a buffer");
      }
    }
  }

  @Test
  void batchesThatCountForNothingAreRefused() {
    Batches<NDArray> weightless =
        new Batches<>() {
          @Override
          public int perPass() {
            return 2;
          }

          @Override
          public NDArray load(int pass, int index, NDManager manager) {
            return manager.create(new float[4]);
          }

          @Override
          public double weight(int index) {
            return 0;
          }
        };
    try (Toy toy = Toy.of(1, 2, 3, 4);
        LoopState state = toy.start(DUAL)) {
      Plan plan =
          Plan.of(
              Toy.steps(0, 1, 1), Part.descend(RETAIN, weightless, toy.distance()).accumulating(2));
      assertThatThrownBy(() -> loop(DUAL).run(plan, state, (record, s, steps) -> {}))
          .hasMessage(
              "the weights of the retain batches 0 to 1 must add up to more than 0, got 0.0");
    }
  }

  private interface Value {
    float at(int pass, int index);
  }

  /** One batch a pass: a number. */
  private static Batches<NDArray> loading(Value value) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return 2;
      }

      @Override
      public NDArray load(int pass, int index, NDManager manager) {
        return manager.create(value.at(pass, index));
      }
    };
  }

  /** A thread whose work is over may take a moment to leave the list of threads. */
  private static void assertNoLoaderIsAlive() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("batch-loader")) {
        thread.join(2000);
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("batch-loader");
  }
}
