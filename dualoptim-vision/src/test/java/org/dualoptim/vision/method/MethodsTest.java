package org.dualoptim.vision.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.tensor.Weights;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.StepRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodsTest {
  private static final String SGD = "{kind: 'sgd', lr: 0.01, momentum: 0.9, weight_decay: 0.0}";
  private static final String ADAMW =
      "{kind: 'adamw', lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.0}";
  private static final String RATES =
      "lr_forget: 0.001, lr_retain: 0.001, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01";
  private static final String DUAL = "{kind: 'dual', forget: " + ADAMW + ", retain: " + SGD + "}";
  private static final Schedule BOTH = Toy.steps(1, 1, 1);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final Classifier classifier = Toy.classifier(manager);

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<String> optimizers() {
    return Stream.of(
        "{kind: 'shared', optimizer: " + SGD + "}",
        "{kind: 'shared', optimizer: " + ADAMW + ", lr_forget: 0.002}",
        "{kind: 'shared', optimizer: {kind: 'lion', lr: 0.001, betas: [0.9, 0.99], weight_decay: 0.01}}",
        "{kind: 'shared', optimizer: {kind: 'muon', lr: 0.01, momentum: 0.9, weight_decay: 0.0, ns_steps: 5, nesterov: true, fallback: "
            + ADAMW
            + "}}",
        DUAL,
        "{kind: 'decoupled-adamw', decouple_m: true, decouple_v: false, semantics: 'exact', "
            + RATES
            + "}",
        "{kind: 'hybrid-adam-sgd', lr_adam: 0.001, lr_sgd: 0.01, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.0005}",
        "{kind: 'dual-plus', base_betas: [0.9, 0.999], states: 'fp32', " + RATES + "}",
        "{kind: 'dual-plus', base_betas: [0.9, 0.999], states: '8bit', block_size: 256, min_8bit_size: 64, "
            + RATES
            + "}",
        "{kind: 'dual-adam-llm', " + RATES + "}");
  }

  private record Case(VisionMethod method, Schedule schedule) {}

  private static List<Case> alternating() {
    return List.of(
        new Case(new FineTune(), Toy.steps(0, 2, 1)),
        new Case(new GradientAscent(), Toy.steps(2, 0, 1)),
        new Case(new RandomLabel(RandomLabel.Form.ALTERNATE), BOTH),
        new Case(new SalUn(0.5), BOTH),
        new Case(new Scrub(0.5, 1), Toy.steps(1, 1, 2)),
        new Case(new SfrOn(1, 0.5, 7, 1), BOTH));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyMethodRunsWithEveryOptimizer(String table) {
    NDList start = classifier.parameters().snapshot(manager);
    for (Case c : alternating()) {
      classifier.parameters().restore(start);
      UnlearningOptimizer optimizer = Toy.read(table, UnlearningOptimizer.class);
      Map<String, HostTensor> before = Weights.tensors(classifier.parameters());

      List<StepRecord> steps =
          Toy.run(plan(c.method(), c.schedule()), optimizer, classifier, manager);

      assertThat(steps).as(c.method().toString()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(steps.get(steps.size() - 1).appliedNorm()).as(c.method().toString()).isPositive();
      assertThat(Weights.tensors(classifier.parameters()))
          .as(c.method().toString())
          .isNotEqualTo(before);
    }
  }

  private Plan plan(VisionMethod method, Schedule schedule) {
    return method.plan(Toy.session(classifier, schedule, manager));
  }

  @Test
  void jointRandomLabelsTakeOneOptimizer() {
    Schedule joint = new Schedule.Passes(null, null, 1, 1, new LrSchedule.Constant());
    Plan plan = plan(new RandomLabel(RandomLabel.Form.JOINT), joint);
    UnlearningOptimizer shared =
        Toy.read("{kind: 'shared', optimizer: " + SGD + "}", UnlearningOptimizer.class);

    assertThat(Toy.run(plan, shared, classifier, manager))
        .hasSize(4)
        .allMatch(step -> step.objective() == Objective.JOINT);
    assertThatThrownBy(
            () -> Toy.run(plan, Toy.read(DUAL, UnlearningOptimizer.class), classifier, manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shared");
  }

  @Test
  void anAbsentFormOfRandomLabelsMeansAlternation() {
    VisionMethod method = Toy.read("{kind: 'rl'}", VisionMethod.class);

    assertThat(plan(method, BOTH).parts())
        .extracting(part -> part.objective())
        .containsExactly(Objective.FORGET, Objective.RETAIN);
  }

  /**
   * With weight decay 0 and a fresh state nothing but the gradient moves a weight, and its gradient
   * is masked in both parts.
   */
  @Test
  void weightsThatSalUnMasksStayWhereTheyAre() {
    NDList masks = new NDList();
    VisionSession session =
        new Recording(Toy.session(classifier, Toy.steps(1, 1, 2), manager), masks);
    List<float[]> before = values(classifier.parameters());

    Toy.run(
        new SalUn(0.3).plan(session),
        Toy.read(DUAL, UnlearningOptimizer.class),
        classifier,
        manager);

    List<float[]> after = values(classifier.parameters());
    int free = 0;
    int moved = 0;
    int all = 0;
    for (int i = 0; i < masks.size(); i++) {
      boolean[] mask = masks.get(i).toBooleanArray();
      for (int e = 0; e < mask.length; e++) {
        all++;
        free += mask[e] ? 1 : 0;
        if (before.get(i)[e] != after.get(i)[e]) {
          assertThat(mask[e]).as("element %d of array %d", e, i).isTrue();
          moved++;
        }
      }
    }
    assertThat(free).isEqualTo((int) Math.floor(0.3 * all));
    assertThat(moved).isGreaterThan(free / 2);
  }

  /** Shows the mask that a method computes, in C order. */
  private record Recording(VisionSession session, NDList seen) implements VisionSession {
    @Override
    public Mask mask(Saliency saliency) {
      Mask mask = session.mask(saliency);
      mask.masks().forEach(array -> seen.add(array.flatten()));
      return mask;
    }

    @Override
    public Classifier classifier() {
      return session.classifier();
    }

    @Override
    public NDManager owner() {
      return session.owner();
    }

    @Override
    public Batches<LabeledBatch> batches(Objective objective) {
      return session.batches(objective);
    }

    @Override
    public Batches<LabeledBatch> relabelled(Objective objective) {
      return session.relabelled(objective);
    }

    @Override
    public Batches<LabeledBatch> preparation(Objective objective) {
      return session.preparation(objective);
    }

    @Override
    public Schedule schedule() {
      return session.schedule();
    }

    @Override
    public Draws draws() {
      return session.draws();
    }
  }

  private static List<float[]> values(Parameters parameters) {
    List<float[]> values = new ArrayList<>();
    parameters.trainable().arrays().forEach(array -> values.add(array.flatten().toFloatArray()));
    return values;
  }

  /**
   * The student is the teacher then, so nothing but rounding is left of the divergence (spec: about
   * 1e-7).
   */
  @Test
  void scrubsFirstForgetStepHasNoGradient() {
    List<StepRecord> steps =
        Toy.run(
            plan(new Scrub(0.5, 1), BOTH),
            Toy.read(DUAL, UnlearningOptimizer.class),
            classifier,
            manager);

    assertThat(steps.get(0).gradientNorm()).isLessThan(1e-5);
    assertThat(steps.get(1).gradientNorm()).isGreaterThan(1e-2);
  }

  @Test
  void aTeachersPassChangesNeitherItselfNorTheStudent() {
    Classifier.Teacher teacher = classifier.teacher(manager);
    Toy.run(
        plan(new FineTune(), Toy.steps(0, 2, 1)),
        Toy.read(DUAL, UnlearningOptimizer.class),
        classifier,
        manager);
    Map<String, HostTensor> student = Weights.tensors(classifier.parameters());
    List<HostTensor> frozen = teacher.weights().stream().map(HostTensor::of).toList();

    try (Scope scope = Scope.recording(manager)) {
      NDArray images = Toy.images(4, 9).load(new int[] {0, 1, 2, 3}, scope.manager()).inputs();
      NDArray taught = teacher.logits(images, true);

      assertThat(taught.toFloatArray())
          .isNotEqualTo(classifier.logits(images, false).toFloatArray());
      assertThat(taught.toFloatArray()).isEqualTo(teacher.logits(images, true).toFloatArray());
    }
    assertThat(Weights.tensors(classifier.parameters())).isEqualTo(student);
    assertThat(teacher.weights().stream().map(HostTensor::of).toList()).isEqualTo(frozen);
  }

  /**
   * Spec, section 10: lambda 0.5 and losses .01, .5, 2, 4 give sum(sqrt(l)) / sum(1 / sqrt(l)) =
   * .334459.
   */
  @Test
  void theAdaptiveMeanHasTheValueOfTheSpecification() {
    try (Scope scope = Scope.detached(manager)) {
      NDArray losses = scope.manager().create(new float[] {0.01f, 0.5f, 2, 4});

      assertThat(TorchOps.adaptiveMean(losses, 0.5).getFloat()).isCloseTo(0.334459f, within(1e-6f));
    }
  }

  /**
   * A loss so small that it is 0 in float32 takes all the weight: the mean and its gradient are 0,
   * not NaN.
   */
  @Test
  void aSampleThatIsCertainDoesNotMakeTheAscentInfinite() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray logits = scope.manager().create(new float[][] {{200, 0}, {0, 1}});
      logits.setRequiresGradient(true);
      NDArray loss = Losses.adaptiveAscent(logits, scope.manager().create(new long[] {0, 0}), 0.5);

      assertThat(loss.getFloat()).isCloseTo(0, within(1e-6f));
      assertThat(TorchOps.globalNorm(TorchOps.grads(loss, new NDList(logits)))).isFinite();
    }
  }

  @Test
  void sfronsAscentFollowsTheSchedule() {
    Schedule cosine =
        new Schedule.Steps(1, 1, null, 2, Schedule.Clock.RETAIN, new LrSchedule.Cosine(null));
    List<StepRecord> strong =
        Toy.run(plan(new SfrOn(2, 0.5, 1e6, 0), cosine), frozen(), classifier, manager);
    List<StepRecord> weak =
        Toy.run(plan(new SfrOn(1, 0.5, 1e6, 0), cosine), frozen(), classifier, manager);

    assertThat(strong.get(0).loss()).isCloseTo(2 * weak.get(0).loss(), within(1e-5));
    assertThat(strong.get(2).lrFactor()).isCloseTo(0.5, within(1e-12));
  }

  /** Learning rates of 0: only running statistics move. */
  private static UnlearningOptimizer frozen() {
    return Toy.read(
        DUAL.replace("lr: 0.01", "lr: 0.0").replace("lr: 0.001", "lr: 0.0"),
        UnlearningOptimizer.class);
  }

  @Test
  void badHyperparametersAreRefusedByName() {
    assertThatThrownBy(() -> Toy.read("{kind: 'salun', ratio: 1.5}", VisionMethod.class))
        .hasMessage("table.ratio: must be in [0.0, 1.0], got 1.5");
    assertThatThrownBy(() -> new SfrOn(-1, 0.5, 7, 1)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> new Scrub(-1, 1)).hasMessageContaining("alpha");
  }
}
