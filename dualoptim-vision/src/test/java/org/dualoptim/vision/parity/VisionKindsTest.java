package org.dualoptim.vision.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dualoptim.core.CoreModule;
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
                config -> config.replace("\"num_classes\": 3", "\"num_classes\": 2")))
        .startsWith("EngineException: Target 2 is out of bounds");
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

  private static Path golden(String file) {
    try {
      return Path.of(VisionKindsTest.class.getResource("/golden" + file).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
