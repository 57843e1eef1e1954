package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.SafetensorsFile;
import org.dualoptim.core.recipe.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path root;

  private static TrialEngine engine(
      Path root, boolean resume, Duration checkpointEvery, BooleanSupplier interrupted) {
    return new TrialEngine(
        new Recipes(Recipes.overrides(List.of("optimizer.forget.lr=0.01"))),
        Map.of("toy", new ToyDomain()),
        new TrialStore(root),
        new TrialEngine.Options(null, resume, false, 1, checkpointEvery),
        Progress.none(),
        interrupted);
  }

  private static List<TrialResult> run(Path root, String recipe, BooleanSupplier interrupted) {
    TrialEngine engine = engine(root, true, NEVER, interrupted);
    return engine.bringUpToDate(engine.trials(recipe));
  }

  /** Everything of a folder that must not depend on interruptions. */
  private static List<Object> essence(Path folder) throws IOException {
    List<Object> essence = new ArrayList<>();
    Files.readAllLines(folder.resolve("telemetry.csv"))
        .forEach(row -> essence.add(row.substring(0, row.lastIndexOf(','))));
    essence.add(tensors(folder.resolve("weights.safetensors")));
    TrialResult result = TrialStore.read(folder).orElseThrow();
    Map<String, Object> facts = new TreeMap<>(result.facts());
    facts.remove("prepare_seconds");
    essence.add(
        List.of(
            result.id(),
            result.status(),
            result.metrics(),
            facts,
            result.resolved(),
            result.provenance().steps()));
    return essence;
  }

  private static Map<String, HostTensor> tensors(Path file) throws IOException {
    try (SafetensorsFile source = Safetensors.open(file)) {
      Map<String, HostTensor> tensors = new TreeMap<>();
      for (String name : source.names()) {
        tensors.put(name, source.tensor(name));
      }
      return tensors;
    }
  }

  private static Path only(Path root, String prefix) throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aRunStoppedAfterAnyStepEndsAsIfItHadNotBeen() throws IOException {
    Path whole = root.resolve("whole");
    run(whole, "toy/forget", () -> false);
    int steps = TrialStore.read(only(whole, "forget-s1")).orElseThrow().provenance().steps();
    assertThat(steps).isEqualTo(6);

    for (int stop = 1; stop <= steps; stop++) {
      Path parts = root.resolve("stopped-" + stop);
      copyFolder(only(whole, "pretrain-s1"), parts);
      AtomicInteger left = new AtomicInteger(stop);
      assertThatThrownBy(() -> run(parts, "toy/forget", () -> left.decrementAndGet() == 0))
          .isInstanceOf(InterruptedRunException.class);
      run(parts, "toy/forget", () -> false);
      assertThat(essence(only(parts, "forget-s1"))).isEqualTo(essence(only(whole, "forget-s1")));
      assertThat(only(parts, "forget-s1").resolve("checkpoint.safetensors")).doesNotExist();
    }
  }

  private static void copyFolder(Path from, Path root) throws IOException {
    Path to = Files.createDirectories(root.resolve(from.getFileName().toString()));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void aRunStoppedAfterEveryStepEndsAsIfItHadNotBeen() throws IOException {
    Path whole = root.resolve("whole");
    run(whole, "toy/forget", () -> false);
    Path parts = root.resolve("parts");
    int stops = 0;
    for (boolean finished = false; !finished; stops++) {
      try {
        run(parts, "toy/forget", () -> true);
        finished = true;
      } catch (InterruptedRunException e) {
        assertThat(e).hasMessageContaining("--resume");
      }
    }
    Path folder = only(parts, "forget-s1");
    assertThat(essence(folder)).isEqualTo(essence(only(whole, "forget-s1")));
    Provenance provenance = TrialStore.read(folder).orElseThrow().provenance();
    assertThat(provenance.resumed()).as("every part is counted").isEqualTo(6);
    assertThat(provenance.trainSeconds()).as("and timed").isBetween(0.0, provenance.wallSeconds());
    assertThat(stops).as("within and between trials").isEqualTo(3 + 1 + 6 + 1);
  }

  @Test
  void theOptimizerStateIsResumedToo() throws IOException {
    Path[] roots = {root.resolve("whole"), root.resolve("parts")};
    int[] stops = {0, 2};
    for (int i = 0; i < 2; i++) {
      Path own = roots[i];
      if (stops[i] > 0) {
        AtomicInteger left = new AtomicInteger(4 + stops[i]); // asked between trials too
        assertThatThrownBy(() -> run(own, "toy/forget", () -> left.decrementAndGet() == 0));
      }
      AtomicInteger left = new AtomicInteger(4 + 4 - (stops[i] > 0 ? 4 + stops[i] : 0));
      assertThatThrownBy(() -> run(own, "toy/forget", () -> left.decrementAndGet() == 0));
    }
    Map<String, HostTensor> whole =
        tensors(only(roots[0], "forget-s1").resolve("checkpoint.safetensors"));
    assertThat(whole.keySet())
        .contains(
            "weights/w",
            "weights/seen",
            "optimizer/forget/exp_avg/w",
            "kept/.forget_gradient/w",
            "kept/moving_average_0.9/w");
    assertThat(tensors(only(roots[1], "forget-s1").resolve("checkpoint.safetensors")))
        .isEqualTo(whole);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aKilledProcessLeavesACheckpointToGoOnFrom() throws Exception {
    Path slow = slowRecipe(4, 5);
    Path killed = root.resolve("killed");
    Process child = child(killed, slow, List.of());
    Path checkpoint = waitForCheckpoint(killed, child);
    child.destroyForcibly().waitFor(); // SIGKILL
    assertThat(checkpoint).exists();
    assertThat(child.exitValue()).isEqualTo(128 + 9);

    run(killed, slow.toString(), () -> false);
    Path whole = root.resolve("whole");
    run(whole, slow.toString(), () -> false);
    assertThat(essence(only(killed, "slow"))).isEqualTo(essence(only(whole, "slow")));
    assertThat(TrialStore.read(only(killed, "slow")).orElseThrow().provenance().resumed())
        .isEqualTo(1);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskLeavesTheCheckpointBeforeIt() throws Exception {
    Path large = slowRecipe(60_000, 0);
    Path full = root.resolve("full");
    AtomicInteger left = new AtomicInteger(4);
    assertThatThrownBy(() -> run(full, large.toString(), () -> left.decrementAndGet() == 0))
        .isInstanceOf(InterruptedRunException.class);
    Path folder = only(full, "slow");
    byte[] before = Files.readAllBytes(folder.resolve("checkpoint.safetensors"));

    // no file of the child may grow beyond a part of a checkpoint
    Process child = child(full, large, List.of("sh", "-c", "ulimit -f 300; exec \"$@\"", "sh"));
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(1);
    assertThat(folder.resolve("checkpoint.safetensors")).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.contains(".tmp-")))
          .isEmpty();
    }

    run(full, large.toString(), () -> false);
    Path whole = root.resolve("whole");
    run(whole, large.toString(), () -> false);
    assertThat(essence(folder)).isEqualTo(essence(only(whole, "slow")));
  }

  private Path slowRecipe(int width, int rowMillis) throws IOException {
    return Files.writeString(
        root.resolve("slow.toml"),
        """
        domain = "toy"
        title = "Slow"
        seed = 3
        width = %d
        row_millis = %d
        schedule = { kind = "steps", forget = 1, retain = 1, cycles = 30, clock = "update", lr = { kind = "constant" } }
        optimizer = { kind = "shared", optimizer = { kind = "sgd", lr = 0.01, momentum = 0.9, weight_decay = 0 } }
        """
            .formatted(width, rowMillis));
  }

  private static Process child(Path runs, Path recipe, List<String> before) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ToyMain.class.getName(),
            runs.toString(),
            recipe.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Path waitForCheckpoint(Path runs, Process child) throws Exception {
    for (int i = 0; i < 6000; i++) {
      if (Files.isDirectory(runs)) {
        try (Stream<Path> files = Files.walk(runs)) {
          var found = files.filter(file -> file.endsWith("checkpoint.safetensors")).findFirst();
          if (found.isPresent()) {
            return found.get();
          }
        } catch (UncheckedIOException e) {
          // a file that was being written has been moved into place meanwhile
        }
      }
      assertThat(child.isAlive()).as("the child runs").isTrue();
      Thread.sleep(5);
    }
    throw new AssertionError("no checkpoint within 30 s");
  }
}
