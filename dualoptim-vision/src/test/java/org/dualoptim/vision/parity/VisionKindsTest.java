package org.dualoptim.vision.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.SafetensorsFile;
import org.dualoptim.core.parity.ParityResult;
import org.dualoptim.core.parity.ParityRunner;
import org.dualoptim.vision.VisionModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recomputes what {@code golden/vision_cases.py} computed with NumPy from the definitions, and
 * breaks cases.
 */
class VisionKindsTest {
  private static final ParityRunner RUNNER =
      Guice.createInjector(new CoreModule(), new VisionModule()).getInstance(ParityRunner.class);

  @TempDir private Path folder;

  @Test
  void lossesNetworksAndRunsComeOutAsDefined() {
    List<ParityResult> results = RUNNER.run(List.of(golden("")), Set.of(), result -> {});

    assertThat(results)
        .hasSize(11)
        .allSatisfy(result -> assertThat(result.reason()).as(result.name()).isEmpty());
  }

  @Test
  void aModelOfAnotherDomainIsRefusedByName() throws IOException {
    assertThat(reason("model-resnet18-eval", config -> config.replace("\"resnet18\"", "\"unet\"")))
        .isEqualTo(
            "model kind unet is not known here; known are [resnet18, resnet20s, resnet32s, resnet44s, resnet56s]");
  }

  @Test
  void aNetworkWithoutWeightsSaysWhichOneIsMissing() throws IOException {
    assertThat(
            reason(
                "model-resnet18-train",
                config -> config.replace("\"fill\": true", "\"fill\": false")))
        .isEqualTo("there is no tensor conv1.weight");
  }

  @Test
  void aScheduleNeedsTheIterationItIsReadAt() throws IOException {
    assertThat(
            reason("unlearn-sfron-dual", config -> config.replaceFirst(", \"iteration\": 0", "")))
        .isEqualTo("batches[0].iteration is missing, at which the schedule is read");
  }

  @Test
  void randomLabelsMustBeRecorded() throws IOException {
    assertThat(
            reason(
                "unlearn-salun-dual", config -> config.replaceFirst(", \"labels\": \\[[^]]*]", "")))
        .isEqualTo("batches[0].labels is missing: the labels that were drawn for its rows");
  }

  @Test
  void aMaskMustBeGivenOrComputable() throws IOException {
    assertThat(reason("unlearn-sfron-dual", config -> config.replace("mask_batches", "no_batches")))
        .isEqualTo(
            "the method needs a mask: give in/mask/NAME for every weight, or mask_batches to compute it from");
  }

  @Test
  void aMaskIsComputedFromBatchesOfBothSets() throws IOException {
    assertThat(
            reason(
                "unlearn-sfron-dual",
                config ->
                    config.replaceFirst("(\"mask_batches\": \\{\"forget\": )\\[\\[.*?]]", "$1[]")))
        .isEqualTo("mask_batches: must list at least one batch of each set");
  }

  /** SFRon of lambda 0, everything salient and nothing clipped ascends the plain mean: GA. */
  @Test
  void aRunMayStepOnOneOfAMethodsObjectivesOnly() throws IOException {
    assertThat(
            changed(
                    "unlearn-ga",
                    config ->
                        config.replace(
                            "\"method\": {\"kind\": \"ga\"}",
                            "\"method\": {\"kind\": \"sfron\", \"alpha\": 1, \"lambda\": 0, \"max_norm\": 1e9, \"threshold\": 0},"
                                + " \"mask_batches\": {\"forget\": [[0]], \"retain\": [[1]]}"))
                .reason())
        .isEmpty();
  }

  /** As torch's batch normalisation does, which begins where the weights left off. */
  @Test
  void everyStepCountsAsABatchSeen() throws IOException {
    String name = "weights/bn1.num_batches_tracked";
    Map<String, HostTensor> right = Map.of(name, count(7), "out/" + name, count(9));
    Map<String, HostTensor> wrong = Map.of(name, count(7), "out/" + name, count(7));

    assertThat(changed("unlearn-ga", right).reason()).isEmpty();
    assertThat(changed("unlearn-ga", wrong).passed()).isFalse();
  }

  private static HostTensor count(long value) {
    return HostTensor.of(new long[] {value});
  }

  @Test
  void aBatchNamesRowsThatExist() throws IOException {
    assertThat(
            reason(
                "unlearn-ga",
                config -> config.replaceFirst("\"indices\": \\[0", "\"indices\": [99")))
        .isEqualTo("a batch names row 99, but x has 16 rows");
  }

  @Test
  void whatTheEngineRefusesIsSaidInItsOwnWords() throws IOException {
    assertThat(
            reason(
                "model-resnet20s-train",
                Map.of(
                    "in/x", HostTensor.of(new float[3], 1, 3, 1, 1),
                    "in/target", HostTensor.of(new long[1], 1))))
        .startsWith("EngineException: Expected more than 1 value per channel when training");
  }

  @Test
  void aLabelThatIsNoClassNeverReachesTheEngine() throws IOException {
    assertThat(
            reason(
                "model-resnet20s-train",
                config -> config.replace("\"num_classes\": 3", "\"num_classes\": 2")))
        .matches("in/target at \\[\\d] is 2, but the classes are 0..1");
    for (long label : new long[] {-100, -1, 1L << 40}) {
      assertThat(
              reason(
                  "vision-loss-cross-entropy",
                  Map.of(
                      "in/logits", HostTensor.of(new float[6], 2, 3),
                      "in/target", HostTensor.of(new long[] {2, label}, 2))))
          .isEqualTo("in/target at [1] is " + label + ", but the classes are 0..2");
    }
    assertThat(
            reason(
                "unlearn-salun-dual",
                config -> config.replaceFirst("(\"labels\": \\[)\\d+", "$1-100")))
        .matches("the label recorded for row \\d+ is -100, but the classes are 0..\\d");
    assertThat(reason("unlearn-ga", Map.of("in/y", HostTensor.of(minusOnes(16), 16))))
        .matches("in/y at \\[\\d+] is -1, but the classes are 0..\\d");
  }

  private static long[] minusOnes(int count) {
    long[] labels = new long[count];
    Arrays.fill(labels, -1);
    return labels;
  }

  /** Each of these the engine would broadcast, convert or fail on in words of its own. */
  @Test
  void inputsMustHaveTheShapesOfTheKind() throws IOException {
    String kl = "vision-loss-kl-teacher";
    HostTensor logits = HostTensor.of(new float[6], 2, 3);
    assertThat(
            reason(
                kl, Map.of("in/logits", logits, "in/teacher", HostTensor.of(new float[3], 1, 3))))
        .isEqualTo("in/teacher must be F32 [2, 3], got F32 [1, 3]");
    assertThat(reason(kl, Map.of("in/logits", HostTensor.of(new float[3], 3))))
        .isEqualTo("in/logits must be F32 [B,C], got F32 [3]");
    assertThat(
            reason(
                "vision-loss-cross-entropy",
                Map.of("in/logits", logits, "in/target", HostTensor.of(new float[6], 2, 3))))
        .isEqualTo("in/target must be I64 [2], got F32 [2, 3]");
    assertThat(
            reason("model-resnet20s-train", Map.of("in/x", HostTensor.of(new float[12], 3, 2, 2))))
        .isEqualTo("in/x must be F32 [N,3,H,W], got F32 [3, 2, 2]");
    assertThat(reason("unlearn-ga", Map.of("in/y", HostTensor.of(new long[3], 3))))
        .isEqualTo("in/y must be I64 [16], got I64 [3]");
  }

  @Test
  void aLossNeedsAPossibleTemperatureAndExponent() throws IOException {
    assertThat(
            reason(
                "vision-loss-kl-teacher",
                config -> config.replaceFirst("\"temperature\": ", "$0-")))
        .startsWith("temperature must be > 0, got -");
    assertThat(
            reason(
                "vision-loss-adaptive-ascent",
                config -> config.replaceFirst("\"lambda\": ", "$0-")))
        .startsWith("lambda must be >= 0, got -");
  }

  @Test
  void aMaskHoldsBitsAndOnlyForWeightsThatAreTrained() throws IOException {
    assertThat(
            reason("unlearn-sfron-dual", Map.of("in/mask/fc9", HostTensor.ofBytes(new byte[1], 1))))
        .isEqualTo("in/mask/fc9 is a mask, but the model trains no such weight");
    assertThat(
            reason(
                "unlearn-sfron-dual",
                Map.of("in/mask/conv1.weight", HostTensor.ofBytes(new byte[] {2}, 1))))
        .isEqualTo("in/mask/conv1.weight must hold 0 and 1 only, got 2.0");
  }

  @Test
  void batchesNameRowsAndTimes() throws IOException {
    assertThat(
            reason("unlearn-ga", config -> config.replaceFirst("(\"indices\": \\[)\\d+", "$1null")))
        .isEqualTo("batches[0].indices[0]: must be a whole number, got null");
    assertThat(
            reason("unlearn-ga", config -> config.replaceFirst("(\"batches\": \\[)", "$1null, ")))
        .isEqualTo("batches[0] must be a table, got null");
    assertThat(
            reason(
                "unlearn-sfron-dual",
                config -> config.replaceFirst("\"iteration\": 0", "\"iteration\": -1")))
        .isEqualTo("batches[0].iteration: must be >= 0, got -1.0");
    assertThat(
            reason(
                "unlearn-sfron-dual",
                config ->
                    config.replaceFirst("(\"mask_batches\": \\{\"forget\": \\[)\\[.*?]", "$1[]")))
        .isEqualTo("mask_batches.forget[0]: must name at least one row");
  }

  @Test
  void aNetworkLargerThanAnArrayIsRefusedBeforeItIsMade() throws IOException {
    String model = "model-resnet18-train";
    assertThat(reason(model, config -> config.replaceFirst("(\"width\": )\\d+", "$13000")))
        .isEqualTo("model.width: must be in 1..512, got 3000");
    assertThat(
            reason(model, config -> config.replaceFirst("(\"num_classes\": )\\d+", "$12000000000")))
        .isEqualTo("model.num_classes: must be in 1..100000, got 2000000000");
  }

  @Test
  void badTablesAreReportedByKey() throws IOException {
    assertThat(reason("unlearn-ga", config -> config.replace("\"momentum\": 0.9, ", "")))
        .isEqualTo("optimizer.optimizer.momentum is missing");
    assertThat(
            reason(
                "unlearn-ga",
                config -> config.replace("\"forget\", \"indices\"", "\"both\", \"indices\"")))
        .isEqualTo(
            "batches[0].objective: must be one of \"forget\", \"retain\", \"joint\", got \"both\"");
    assertThat(reason("vision-loss-kl-teacher", config -> config.replace("temperature", "heat")))
        .isEqualTo("temperature must be a number, but is missing");
    assertThat(
            reason("vision-loss-cross-entropy", config -> config.replace("cross-entropy", "hinge")))
        .isEqualTo(
            "loss must be \"cross-entropy\", \"adaptive-ascent\" or \"kl-teacher\", got \"hinge\"");
  }

  /** Why a golden case fails once its config is changed. */
  private String reason(String name, UnaryOperator<String> change) throws IOException {
    return changed(name, change).reason().orElseThrow();
  }

  private ParityResult changed(String name, UnaryOperator<String> change) throws IOException {
    Path broken = folder.resolve("broken.safetensors");
    try (SafetensorsFile golden = Safetensors.open(golden("/" + name + ".safetensors"))) {
      Map<String, String> metadata = new LinkedHashMap<>(golden.metadata());
      String config = change.apply(metadata.get("config"));
      assertThat(config).isNotEqualTo(metadata.put("config", config));
      Safetensors.write(broken, golden, metadata);
    }
    return RUNNER.run(List.of(broken), Set.of(), result -> {}).get(0);
  }

  /** Why a golden case fails once some of its tensors are others. */
  private String reason(String name, Map<String, HostTensor> tensors) throws IOException {
    return changed(name, tensors).reason().orElseThrow();
  }

  private ParityResult changed(String name, Map<String, HostTensor> tensors) throws IOException {
    Path broken = folder.resolve("broken.safetensors");
    try (SafetensorsFile golden = Safetensors.open(golden("/" + name + ".safetensors"))) {
      Map<String, HostTensor> all = new LinkedHashMap<>();
      for (String tensor : golden.names()) {
        all.put(tensor, golden.tensor(tensor));
      }
      all.putAll(tensors);
      Safetensors.write(broken, all, golden.metadata());
    }
    return RUNNER.run(List.of(broken), Set.of(), result -> {}).get(0);
  }

  private static Path golden(String file) {
    try {
      return Path.of(VisionKindsTest.class.getResource("/golden" + file).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
