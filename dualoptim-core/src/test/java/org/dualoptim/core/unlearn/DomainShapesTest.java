package org.dualoptim.core.unlearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dualoptim.core.optim.Objective.FORGET;
import static org.dualoptim.core.optim.Objective.JOINT;
import static org.dualoptim.core.optim.Objective.RETAIN;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.optim.Dual;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shapes of plan that image, diffusion and language models need, each on a toy: one loop runs
 * them all.
 */
class DomainShapesTest {
  private static final UnlearningOptimizer SHARED = new Shared(Toy.momentum(0.1), null, null);
  private static final UnlearningOptimizer DUAL = new Dual(Toy.adamw(0.05), Toy.momentum(0.1));
  private static final StepListener SILENT = StepListener.NONE;

  private static void run(
      UnlearningOptimizer optimizer, Plan plan, Toy toy, StepListener listener) {
    try (LoopState state = toy.start(optimizer)) {
      new UnlearningLoop(optimizer, new Draws(5), Set.of()).run(plan, state, listener);
    }
  }

  private static float[] finished(UnlearningOptimizer optimizer, PlanOf plan) {
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      run(optimizer, plan.of(toy), toy, SILENT);
      return toy.values();
    }
  }

  private interface PlanOf {
    Plan of(Toy toy);
  }

  /** Language models: one forget update, five retain updates, each of several micro-batches. */
  @Test
  void microBatchesAddUpToTheLargeBatch() {
    Batches<NDArray> micro = Toy.rows("micro", 2, 2, 2, 1);
    Batches<NDArray> large = inOne(micro);
    PlanOf accumulated =
        toy ->
            Plan.of(
                Toy.steps(1, 5, 3),
                Part.descend(FORGET, micro, toy.distance()).accumulating(4),
                Part.descend(RETAIN, micro, toy.distance()).accumulating(4));
    PlanOf whole =
        toy ->
            Plan.of(
                Toy.steps(1, 5, 3),
                Part.descend(FORGET, large, toy.distance()),
                Part.descend(RETAIN, large, toy.distance()));
    assertThat(finished(DUAL, accumulated)).containsExactly(finished(DUAL, whole), within(1e-5f));
  }

  /** Means over tokens are averaged as they are, however many rows they are of. */
  @Test
  void batchesMayCountAlike() {
    Batches<NDArray> uneven = Toy.vectors(new float[] {4}, new float[] {1});
    Batches<NDArray> counted =
        new Batches<>() {
          @Override
          public int perPass() {
            return 2;
          }

          @Override
          public NDArray load(int pass, int index, NDManager manager) {
            return uneven.load(pass, index, manager);
          }

          @Override
          public double weight(int index) {
            return index == 0 ? 3 : 1;
          }
        };
    assertThat(oneStepTo(counted)).isEqualTo(3.25f);
    assertThat(oneStepTo(counted.countingAlike())).isEqualTo(2.5f);
  }

  /** Where a step of length one from 0 ends: at the weighted mean of the rows. */
  private static float oneStepTo(Batches<NDArray> rows) {
    try (Toy toy = Toy.of(0)) {
      Part<NDArray> part = Part.descend(RETAIN, rows, toy.distance()).accumulating(2);
      run(new Shared(Toy.sgd(1), null, null), Plan.of(Toy.steps(0, 1, 1), part), toy, SILENT);
      return toy.values()[0];
    }
  }

  /** All batches of a pass as one. */
  private static Batches<NDArray> inOne(Batches<NDArray> parts) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return 1;
      }

      @Override
      public NDArray load(int pass, int index, NDManager manager) {
        NDList all = new NDList();
        for (int i = 0; i < parts.perPass(); i++) {
          all.add(parts.load(pass, i, manager));
        }
        return all.size() == 1 ? all.head() : NDArrays.concat(all);
      }
    };
  }

  @Test
  void aStepNeverCrossesTheEndOfAPass() {
    List<String> read = new ArrayList<>();
    Batches<NDArray> three = Toy.rows("three", 2, 2, 1);
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      Loss<NDArray> loss =
          (rows, moment) -> {
            read.add(moment.step() + ":" + moment.pass() + "/" + moment.index());
            return toy.distance().of(rows, moment);
          };
      run(
          SHARED,
          Plan.of(Toy.steps(0, 1, 3), Part.descend(RETAIN, three, loss).accumulating(2)),
          toy,
          SILENT);
    }
    assertThat(read).containsExactly("0:0/0", "0:0/1", "1:0/2", "2:1/0", "2:1/1");
  }

  /** Diffusion: a forget and a retain step in turn. */
  @Test
  void forgetAndRetainStepsTakeTurns() {
    List<Objective> order = new ArrayList<>();
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      Plan plan =
          Plan.of(
              Toy.steps(1, 1, 3),
              Part.descend(
                  FORGET,
                  Toy.rows("f", 2),
                  (rows, moment) -> toy.distance().of(rows, moment).neg()),
              Part.descend(RETAIN, Toy.rows("r", 2), toy.distance()));
      run(DUAL, plan, toy, (record, state, steps) -> order.add(record.objective()));
    }
    assertThat(order).containsExactly(FORGET, RETAIN, FORGET, RETAIN, FORGET, RETAIN);
  }

  /**
   * Image classifiers: every batch of the forget set, then every batch of the retain set, each
   * epoch.
   */
  @Test
  void passesReadEveryBatchOnceAnEpoch() {
    List<String> read = new ArrayList<>();
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      Loss<NDArray> loss =
          (rows, moment) -> {
            read.add(moment.objective().id().charAt(0) + "" + moment.pass() + moment.index());
            return toy.distance().of(rows, moment);
          };
      Plan plan =
          Plan.of(
              new Schedule.Passes(1, 1, null, 2, Toy.CONSTANT),
              Part.descend(FORGET, Toy.rows("f", 2, 2), loss),
              Part.descend(RETAIN, Toy.rows("r", 2, 2, 2), loss));
      run(DUAL, plan, toy, SILENT);
    }
    assertThat(read)
        .containsExactly("f00", "f01", "r00", "r01", "r02", "f10", "f11", "r10", "r11", "r12");
  }

  /** Joint training: one loss mixes both objectives, and one state receives it. */
  @Test
  void aJointPartDescendsOneMixedLoss() {
    Batches<Pair> both = Batches.zip(Toy.rows("f", 2, 2), Toy.rows("r", 3), Pair::new);
    float[] joint =
        finished(
            SHARED,
            toy ->
                Plan.of(
                    new Schedule.Passes(null, null, 1, 2, Toy.CONSTANT),
                    Part.descend(
                        JOINT,
                        both,
                        (pair, moment) ->
                            toy.distance()
                                .of(pair.forget, moment)
                                .mul(-0.5f)
                                .add(toy.distance().of(pair.retain, moment)))));
    // -(w - f) / 2 + (w - r) = w / 2 + f / 2 - r, momentum 0.9, rate 0.1
    double[] w = {1, 2, 3, 4};
    double[] b = new double[4];
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (int step = 0; step < 4; step++) {
        float[] f = mean(Toy.rows("f", 2, 2).at(step, manager));
        float[] r = mean(Toy.rows("r", 3).at(step, manager));
        for (int i = 0; i < 4; i++) {
          b[i] = 0.9 * b[i] + w[i] / 2 + f[i] / 2 - r[i];
          w[i] -= 0.1 * b[i];
        }
      }
    }
    assertThat(joint)
        .containsExactly(
            new float[] {(float) w[0], (float) w[1], (float) w[2], (float) w[3]}, within(1e-5f));
  }

  private record Pair(NDArray forget, NDArray retain) {}

  private static float[] mean(NDArray rows) {
    return rows.mean(new int[] {0}).toFloatArray();
  }

  /** Large models: activations of the first segment are computed twice instead of kept. */
  @Test
  void aPartMayTakeItsGradientsSegmentBySegment() {
    Part.Gradients<NDArray> plain =
        (x, moment, w) -> {
          NDArray loss = x.matMul(w.get(0)).tanh().matMul(w.get(1)).square().mean();
          return new Part.Gradients.Result(loss, TorchOps.grads(loss, w));
        };
    Part.Gradients<NDArray> segments =
        (x, moment, w) -> {
          NDArray boundary;
          try (Scope first = Scope.detached(x.getManager())) {
            boundary = first.keep(x.matMul(w.get(0)).tanh());
          }
          boundary.setRequiresGradient(true);
          NDArray loss = boundary.matMul(w.get(1)).square().mean();
          NDList upper = TorchOps.grads(loss, new NDList(boundary, w.get(1)));
          NDArray again = x.matMul(w.get(0)).tanh();
          NDList lower = TorchOps.grads(again.mul(upper.get(0)).sum(), new NDList(w.get(0)));
          return new Part.Gradients.Result(loss, new NDList(lower.get(0), upper.get(1)));
        };
    assertThat(twoLayers(segments)).isEqualTo(twoLayers(plain));
  }

  private static Map<String, ?> twoLayers(Part.Gradients<NDArray> gradients) {
    try (Toy toy = new Toy()) {
      toy.add("lower", Role.INPUT, new Shape(4, 2), 1, -1, 0.5f, 0.2f, -0.3f, 0.4f, 0.1f, 0.9f);
      toy.add("upper", Role.OUTPUT, new Shape(2, 1), 1, -2);
      Plan plan = Plan.of(Toy.steps(0, 1, 5), Part.gradients(RETAIN, Toy.rows("x", 3), gradients));
      run(SHARED, plan, toy, SILENT);
      return Weights.tensors(toy.parameters());
    }
  }

  /**
   * SalUn and SFRon: whether the mask or the clip comes first changes the step; the order is the
   * part's, or the recipe's.
   */
  @Test
  void transformsRunInTheOrderThatIsAskedFor() {
    UnlearningOptimizer plain = new Shared(Toy.sgd(1), null, null);
    Map<Objective, List<String>> swapped = Map.of(FORGET, List.of("clip", "mask"));
    float[][] after = new float[2][];
    for (int i = 0; i < 2; i++) {
      try (Toy toy = Toy.of(0, 0)) {
        Mask mask = new Mask(new NDList(toy.manager.create(new float[] {1, 0})));
        Plan plan =
            Plan.of(
                Toy.steps(1, 0, 1),
                Part.descend(FORGET, Toy.vectors(new float[] {3, 4}), toy.distance())
                    .then(mask, new ClipGlobalNorm(1)));
        run(plain, i == 0 ? plan : plan.ordered(swapped), toy, SILENT);
        after[i] = toy.values();
      }
    }
    assertThat(after[0])
        .as("mask, then clip what is left")
        .containsExactly(new float[] {1, 0}, within(1e-5f));
    assertThat(after[1])
        .as("clip all, then mask")
        .containsExactly(new float[] {0.6f, 0}, within(1e-5f));
  }

  @Test
  void anOrderMustNameTheTransformsThatThereAre() {
    try (Toy toy = Toy.of(0, 0)) {
      Plan plan =
          Plan.of(
              Toy.steps(1, 0, 1),
              Part.descend(FORGET, Toy.vectors(new float[2]), toy.distance())
                  .then(new ClipGlobalNorm(1)));
      assertThatThrownBy(() -> plan.ordered(Map.of(FORGET, List.of("mask", "clip"))))
          .hasMessage("transforms.forget must order exactly [clip], got [mask, clip]");
      assertThatThrownBy(() -> plan.ordered(Map.of(RETAIN, List.of("clip"))))
          .hasMessage("transforms.retain: the method has no part for retain steps");
    }
  }

  /** DDPM: the ascent fades by a cosine of its own while rates stay constant. */
  @Test
  void aCoefficientMayHaveACourseThatRatesDoNotShare() {
    List<Double> alphas = new ArrayList<>();
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      LrSchedule course = new LrSchedule.Cosine(null);
      Loss<NDArray> fading =
          (rows, moment) -> {
            double alpha = course.factor(moment.time(), moment.length());
            alphas.add(alpha);
            return toy.distance().of(rows, moment).mul(-alpha);
          };
      Plan plan =
          Plan.of(
              new Schedule.Steps(1, 1, null, 4, Schedule.Clock.RETAIN, Toy.CONSTANT),
              Part.descend(FORGET, Toy.rows("f", 2), fading),
              Part.descend(RETAIN, Toy.rows("r", 2), toy.distance()));
      run(DUAL, plan, toy, (record, state, steps) -> assertThat(record.lrFactor()).isEqualTo(1));
    }
    assertThat(alphas).hasSize(4);
    for (int k = 0; k < 4; k++) {
      assertThat(alphas.get(k)).isCloseTo((1 + Math.cos(Math.PI * k / 4)) / 2, within(1e-12));
    }
  }

  /** Image generation: pretraining averages the weights; what is sampled may be either. */
  @Test
  void anAverageOfTheWeightsFollowsTheSteps() {
    float[] average;
    List<Float> weights = new ArrayList<>();
    try (Toy toy = Toy.of(8, 0, 0, 0);
        LoopState state = toy.start(SHARED)) {
      Plan plan =
          Plan.of(Toy.steps(0, 1, 3), Part.descend(RETAIN, Toy.rows("r", 2), toy.distance()))
              .with(new MovingAverage(0.5))
              .with(new MovingAverage(0.75));
      new UnlearningLoop(SHARED, new Draws(5), Set.of())
          .run(plan, state, (record, now, steps) -> weights.add(toy.values()[0]));
      average = new MovingAverage(0.75).of(state).get(0).toFloatArray();
    }
    double expected = 8;
    for (float w : weights) {
      expected = 0.75 * expected + 0.25 * w;
    }
    assertThat(average[0]).isCloseTo((float) expected, within(1e-5f));
  }

  @Test
  void whatIsKeptHasANameThatACheckpointCanHold() {
    try (Toy toy = Toy.of(1);
        LoopState state = toy.start(SHARED)) {
      NDList one = new NDList(toy.manager.zeros(new Shape(1)));
      assertThatThrownBy(() -> state.keep("sum/of", one))
          .hasMessage("name must be without a slash, got sum/of");
      assertThatThrownBy(() -> state.keep("sum", new NDList(toy.manager.zeros(new Shape(2)))))
          .hasMessage("sum must be kept as one array per trained parameter, in its shape and type");
    }
  }

  @Test
  void anArrayThatIsStillKeptIsNotFreedWithItsList() {
    try (Toy toy = Toy.of(1);
        LoopState state = toy.start(SHARED)) {
      state.keep("a", new NDList(toy.manager.full(new Shape(1), 7f)));
      state.keep("a", new NDList(state.kept("a")));
      state.keep("b", state.kept("a"));
      state.keep("a", new NDList(toy.manager.zeros(new Shape(1))));
      assertThat(state.kept("b").get(0).toFloatArray()).containsExactly(7);
    }
  }

  /** Methods that untangle the objectives: a forget step looks at the last retain gradient. */
  @Test
  void aTransformMaySeeTheOtherObjectivesGradient() {
    record Remember() implements GradientTransform {
      @Override
      public String kind() {
        return "remember";
      }

      @Override
      public void apply(NDList gradients, LoopState state) {
        state.keep("retain", TorchOps.clone(gradients.getManager(), gradients));
      }
    }
    record Orthogonal() implements GradientTransform {
      @Override
      public String kind() {
        return "orthogonal";
      }

      @Override
      public void apply(NDList gradients, LoopState state) {
        NDList retain = state.kept("retain");
        double share =
            TorchOps.globalCosine(gradients, retain)
                * TorchOps.globalNorm(gradients)
                / TorchOps.globalNorm(retain);
        TorchOps.add(gradients, retain, -share);
      }
    }
    UnlearningOptimizer plain = new Shared(Toy.sgd(1), null, null);
    try (Toy toy = Toy.of(0, 0)) {
      Plan plan =
          Plan.of(
              new Schedule.Sequence(
                  List.of(new Slot(RETAIN, 0, 0), new Slot(FORGET, 0, 0)), 1, Toy.CONSTANT),
              Part.descend(
                      RETAIN,
                      Toy.vectors(new float[] {1, 0}),
                      (rows, moment) -> toy.distance().of(rows, moment))
                  .then(new Remember()),
              Part.descend(
                      FORGET,
                      Toy.vectors(new float[] {3, 5}),
                      (rows, moment) -> toy.distance().of(rows, moment))
                  .then(new Orthogonal()));
      run(plain, plan, toy, SILENT);
      assertThat(toy.values())
          .as("retain to (1, 0); the forget pull (2, 5) loses its first component")
          .containsExactly(new float[] {1, 5}, within(1e-5f));
    }
  }

  /** LoRA: the base is read and never written. */
  @Test
  void aFrozenBaseStaysBitForBit() {
    try (Toy toy = new Toy()) {
      NDArray base = toy.add("base", Role.FROZEN, new Shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
      NDArray a = toy.add("lora_a", Role.HIDDEN, new Shape(4, 1), 0.1f, 0.2f, 0.3f, 0.4f);
      NDArray b = toy.add("lora_b", Role.HIDDEN, new Shape(1, 2), 0, 0);
      Loss<NDArray> loss = (x, moment) -> x.matMul(base).add(x.matMul(a).matMul(b)).square().mean();
      Plan plan =
          Plan.of(
              Toy.steps(1, 1, 4),
              Part.descend(FORGET, Toy.rows("f", 2), loss),
              Part.descend(RETAIN, Toy.rows("r", 2), loss));
      try (LoopState state = toy.start(DUAL)) {
        assertThat(state.optimizer().save().keySet())
            .as("the base costs no optimizer state")
            .noneMatch(name -> name.contains("base"));
      }
      run(DUAL, plan, toy, SILENT);
      assertThat(base.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(b.toFloatArray()).doesNotContain(0f);
    }
  }

  /** NPO, DPO: what the starting model says of every sample is computed once, in plan. */
  @Test
  void referenceValuesAreThoseOfTheStartingWeightsInWhateverOrderSamplesCome() {
    assertThat(lossesAgainstTheStart(0))
        .as("of weights that stay, every sample meets its own value")
        .hasSize(6)
        .allSatisfy(loss -> assertThat(loss).isZero());
    List<Double> losses = lossesAgainstTheStart(0.1);
    assertThat(losses.get(0)).isZero();
    assertThat(losses.subList(2, 6))
        .as("the reference did not move with the weights")
        .allMatch(loss -> loss < 0);
  }

  /** The losses of three passes over four samples in batches of two. */
  private static List<Double> lossesAgainstTheStart(double lr) {
    float[][] samples = {{4, 0, 0, 0}, {0, 3, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}};
    record Relative(float[][] samples) implements UnlearningMethod<Toy> {
      @Override
      public Plan plan(Toy toy) {
        float[] reference;
        try (Scope scope = Scope.detached(toy.manager)) {
          reference = losses(scope.manager().create(samples), toy).toFloatArray();
        }
        return Plan.of(
            Toy.steps(1, 0, 6),
            Part.descend(
                FORGET,
                shuffled(samples, reference),
                (batch, moment) -> losses(batch.rows, toy).sub(batch.reference).mean()));
      }

      /** One loss a row. */
      private static NDArray losses(NDArray rows, Toy toy) {
        return rows.sub(toy.array("w")).square().sum(new int[] {1});
      }
    }

    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      List<Double> losses = new ArrayList<>();
      run(
          new Shared(Toy.sgd(lr), null, null),
          new Relative(samples).plan(toy),
          toy,
          (record, state, steps) -> losses.add(record.loss()));
      return losses;
    }
  }

  private record Compared(NDArray rows, NDArray reference) {}

  /** Two samples a batch, each with its reference value, in a new order at every pass. */
  private static Batches<Compared> shuffled(float[][] samples, float[] reference) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return samples.length / 2;
      }

      @Override
      public Compared load(int pass, int index, NDManager manager) {
        int[] order = new Draws(1).permutation("order", pass, samples.length);
        int a = order[2 * index];
        int b = order[2 * index + 1];
        return new Compared(
            manager.create(new float[][] {samples[a], samples[b]}),
            manager.create(new float[] {reference[a], reference[b]}));
      }
    };
  }

  /** SCRUB, distillation: a parent trial's weights file is the teacher. */
  @Test
  void aParentsWeightsTeach(@TempDir Path parent) throws IOException {
    Path file = parent.resolve("weights.safetensors");
    try (Toy finished = Toy.of(-1, -2, -3, -4)) {
      Weights.save(finished.parameters(), file, Map.of());
    }
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      run(new Shared(Toy.sgd(0.5), null, null), taught(toy, file), toy, SILENT);
      assertThat(toy.values()).containsExactly(new float[] {-1, -2, -3, -4}, within(1e-4f));
    }
  }

  private static Plan taught(Toy toy, Path file) {
    NDArray values = toy.manager.zeros(new Shape(4));
    Parameters teacher = Parameters.of(List.of(new Parameters.Entry("w", values, Role.BUFFER)));
    try {
      Weights.load(teacher, file, UnaryOperator.identity());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Loss<NDArray> loss =
        (rows, moment) -> rows.add(toy.array("w")).sub(rows.add(values)).square().sum().mul(0.25f);
    return Plan.of(Toy.steps(0, 1, 20), Part.descend(RETAIN, Toy.rows("r", 2), loss));
  }

  /** Language models: every k steps text is sampled and scored; the run must not notice. */
  @Test
  void generatingBetweenStepsDisturbsNothing() {
    Map<Integer, Integer> scores = new TreeMap<>();
    StepListener generate =
        (record, state, steps) -> {
          if (state.cursor() % 3 == 0) {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
              scores.put(state.cursor(), generated(state.parameters().byName().get("w"), manager));
            }
          }
        };
    assertThat(bigram(generate)).isEqualTo(bigram(SILENT));
    assertThat(scores.keySet()).containsExactly(3, 6, 9, 12);
  }

  /**
   * Ten tokens of a bigram model [4 logits a token, shifted by the token before], sampled with the
   * engine's generator.
   */
  private static int generated(NDArray logits, NDManager manager) {
    int token = 0;
    int repeats = 0;
    for (int t = 0; t < 10; t++) {
      NDArray shifted = logits.duplicate();
      shifted.attach(manager);
      shifted.set(new NDIndex(token), 0f);
      NDArray noise = manager.randomUniform(1e-6f, 1, new Shape(4)).log().neg().log().neg();
      int next = (int) shifted.add(noise).argMax().getLong();
      repeats += next == token ? 1 : 0;
      token = next;
    }
    return repeats;
  }

  private static float[] bigram(StepListener listener) {
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      Loss<NDArray> noisy =
          (rows, moment) ->
              toy.distance().of(rows.add(rows.getManager().randomNormal(rows.getShape())), moment);
      Plan plan =
          Plan.of(
              Toy.steps(1, 1, 6),
              Part.descend(FORGET, Toy.rows("f", 2), noisy),
              Part.descend(RETAIN, Toy.rows("r", 2), noisy));
      run(DUAL, plan, toy, listener);
      return toy.values();
    }
  }

  /** Any domain: metrics along the run. */
  @Test
  void anEvaluationEveryFewStepsSeesTheWeightsOfItsStep() {
    Map<Integer, Double> curve = new TreeMap<>();
    try (Toy toy = Toy.of(1, 2, 3, 4)) {
      Plan plan =
          Plan.of(Toy.steps(0, 1, 20), Part.descend(RETAIN, Toy.rows("r", 4), toy.distance()));
      run(
          new Shared(Toy.sgd(0.2), null, null),
          plan,
          toy,
          (record, state, steps) -> {
            if (state.cursor() % 5 == 0 || state.cursor() == steps) {
              curve.put(
                  state.cursor(),
                  (double) state.parameters().byName().get("w").square().sum().getFloat());
            }
          });
    }
    assertThat(curve.keySet()).containsExactly(5, 10, 15, 20);
    assertThat(curve.get(5)).isGreaterThan(curve.get(10));
    assertThat(curve.get(10)).isGreaterThan(curve.get(15));
  }
}
