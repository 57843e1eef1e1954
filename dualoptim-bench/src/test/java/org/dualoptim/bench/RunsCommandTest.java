package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {
  private static final String RESULT =
      """
      {"id": "ft-s2-aa", "recipe": "vision/shapes/ft", "title": "FT", "domain": "vision",
       "status": "finished", "note": null, "seed": 2, "metrics": {"fa": 91.25, "ra": 99.5},
       "facts": {"forget_rows": 360}, "parents": {"start": "pretrain-s1-bb"}, "resolved": {},
       "provenance": {"hash": "aa", "version": "0.1.0", "commit": "abc", "java": "17",
         "engine": "PyTorch", "device": "cpu()", "threads": 2, "os": "Linux amd64",
         "started": "2026-11-21T00:00:00Z", "wall_seconds": 12.5, "train_seconds": 8.0,
         "steps": 300, "peak_rss_mib": 900, "resumed": 0}}
      """;

  @TempDir Path runs;
  private final Shell shell = new Shell();

  @BeforeEach
  void trials() throws IOException {
    trial("ft-s2-aa", "result.json", RESULT);
    trial(
        "ga-s2-cc",
        "result.json",
        RESULT
            .replace("\"finished\", \"note\": null", "\"diverged\", \"note\": \"loss is NaN\"")
            .replace("{\"fa\": 91.25, \"ra\": 99.5}", "{}"));
    trial("scrub-s2-dd", "checkpoint.safetensors", "");
    trial("salun-s2-ee", "telemetry.csv", "");
    trial("rl-s2-ff", "result.json", "null");
    Files.createDirectory(runs.resolve("not a trial"));
  }

  private void trial(String id, String file, String text) throws IOException {
    Path folder = Files.createDirectory(runs.resolve(id));
    Files.writeString(folder.resolve("recipe.json"), "{}\n");
    Files.writeString(folder.resolve(file), text);
  }

  @Test
  void theListTellsHowFarEachTrialHasCome() {
    assertThat(shell.run("runs", "--runs", runs)).isZero();
    assertThat(shell.out())
        .containsPattern("ft-s2-aa +finished +fa 91.25, ra 99.50 +12.5")
        .containsPattern("ga-s2-cc \\[\\d] +diverged")
        .contains("loss is NaN")
        .containsPattern("scrub-s2-dd +interrupted")
        .containsPattern("salun-s2-ee +unfinished")
        .containsPattern("rl-s2-ff \\[\\d] +damaged")
        .contains("5 trials in " + runs)
        .doesNotContain("not a trial");
  }

  @Test
  void aTrialWithoutItsRecipeIsDamagedAndCanBeRemoved() throws IOException {
    Files.delete(runs.resolve("ft-s2-aa").resolve("recipe.json"));
    assertThat(shell.run("runs", "--runs", runs)).isZero();
    assertThat(shell.out())
        .containsPattern("ft-s2-aa \\[\\d] +damaged")
        .contains("its recipe.json is missing", "5 trials in ");
    assertThat(shell.run("runs", "show", "ft-s2-aa", "--runs", runs)).isZero();
    assertThat(shell.run("runs", "remove", "ft-s2-aa", "--runs", runs)).isZero();
    assertThat(runs.resolve("ft-s2-aa")).doesNotExist();
  }

  @Test
  void aResultThatEndedInNoKnownWayIsDamaged() throws IOException {
    Files.writeString(
        runs.resolve("ft-s2-aa").resolve("result.json"), RESULT.replace("finished", "finishd"));
    assertThat(shell.run("runs", "--runs", runs)).isZero();
    assertThat(shell.out()).containsPattern("ft-s2-aa \\[\\d] +damaged");
  }

  @Test
  void theOptionMayStandBeforeOrAfterTheCommand() {
    assertThat(shell.run("runs", "--runs", runs, "list")).isZero();
    String before = shell.out();
    assertThat(shell.run("runs", "list", "--runs", runs)).isZero();
    assertThat(shell.out()).isEqualTo(before).contains("5 trials");
  }

  @Test
  void aFolderThatDoesNotExistIsAMistakeUnlessItIsTheUsualOne() throws IOException {
    Path none = runs.resolve("none");
    assertThat(shell.run("runs", "--runs", none)).isEqualTo(1);
    assertThat(shell.err()).startsWith("error: there is no folder " + none);
    assertThat(shell.run("runs", "show", "ft-s2-aa", "--runs", none)).isEqualTo(1);
    assertThat(shell.err()).startsWith("error: there is no folder " + none);
    Path file = Files.writeString(none, "");
    assertThat(shell.run("runs", "--runs", file)).isEqualTo(2);
    assertThat(shell.err())
        .startsWith("error: --runs must name a folder, but " + file + " is a file");
    assertThat(Path.of("runs")).doesNotExist();
    assertThat(shell.run("runs")).isZero();
    assertThat(shell.out()).startsWith("0 trials");
  }

  @Test
  void jsonHoldsTheResultAndTheSize() throws IOException {
    assertThat(shell.run("runs", "list", "--json", "--runs", runs)).isZero();
    JsonNode all = new ObjectMapper().readTree(shell.out());
    JsonNode first = all.get("trials").get(0);
    assertThat(first.get("id").asText()).isEqualTo("ft-s2-aa");
    assertThat(first.get("provenance").get("wall_seconds").asDouble()).isEqualTo(12.5);
    assertThat(first.get("metrics").get("fa").asDouble()).isEqualTo(91.25);
    assertThat(all.get("bytes").asLong()).isGreaterThan(first.get("bytes").asLong());
  }

  @Test
  void showTellsEverything() {
    assertThat(shell.run("runs", "show", "ft-s2-aa", "--runs", runs)).isZero();
    assertThat(shell.out())
        .contains("vision/shapes/ft (FT), seed 2", "360", "pretrain-s1-bb", "300 steps", "abc");
    assertThat(shell.run("runs", "show", "scrub-s2-dd", "--runs", runs)).isZero();
    assertThat(shell.out()).contains("interrupted");
  }

  @Test
  void removeDeletesWhatWasNamedAndNothingElse() {
    assertThat(shell.run("runs", "remove", "ft-s2-aa", "rl-s2-ff", "--runs", runs)).isZero();
    assertThat(shell.out()).contains("removed ft-s2-aa", "removed rl-s2-ff", "freed");
    assertThat(runs.resolve("ft-s2-aa")).doesNotExist();
    assertThat(runs.resolve("rl-s2-ff")).doesNotExist();
    assertThat(runs.resolve("ga-s2-cc")).exists();
  }

  @Test
  void removeRefusesIdsThatAreNoTrials() {
    for (String id : new String[] {"ft-s2-zz", "not a trial", "../" + runs.getFileName(), "."}) {
      assertThat(shell.run("runs", "remove", "ft-s2-aa", id, "--runs", runs)).isEqualTo(1);
      assertThat(shell.err()).startsWith("error: there is no trial " + id);
    }
    assertThat(runs.resolve("ft-s2-aa")).exists();
    assertThat(runs.resolve("not a trial")).exists();
  }

  @Test
  void removeRefusesATrialThatALiveProcessComputes() throws IOException {
    Path lock = runs.resolve("scrub-s2-dd").resolve(".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThat(shell.run("runs", "remove", "ft-s2-aa", "scrub-s2-dd", "--runs", runs))
          .isEqualTo(1);
      assertThat(shell.err()).contains("scrub-s2-dd is being computed");
      assertThat(runs.resolve("ft-s2-aa")).exists();
      shell.run("runs", "--runs", runs);
      assertThat(shell.out()).containsPattern("scrub-s2-dd +running");
    }
    assertThat(lock).exists(); // as after a crash: a lock that nobody holds
    assertThat(shell.run("runs", "remove", "scrub-s2-dd", "--runs", runs)).isZero();
  }
}
