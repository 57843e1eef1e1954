package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFileTest {
  @TempDir Path folder;

  private final AtomicInteger measured = new AtomicInteger();

  private Map<String, Double> measure(LoopState state, boolean last) {
    return Map.of("fa", (double) measured.incrementAndGet());
  }

  private void run(int points, int from, int to, int steps) throws IOException {
    run(new ProcessFile(folder, points, this::measure), from, to, steps);
  }

  private static void run(ProcessFile process, int from, int to, int steps) {
    UnlearningOptimizer optimizer = new Shared(new Sgd(1, 0, 0, false), null, null);
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        LoopState state =
            LoopState.start(
                Parameters.of(
                    List.of(new Parameters.Entry("w", manager.zeros(new Shape(1)), Role.HIDDEN))),
                optimizer,
                manager)) {
      state.cursor(from);
      process.start(state, steps);
      for (int done = from + 1; done <= to; done++) {
        state.cursor(done);
        process.after(state, steps);
      }
    }
  }

  @Test
  void aNumberThatIsNotFiniteEndsTheRun() throws IOException {
    ProcessFile process = new ProcessFile(folder, 1, (state, last) -> Map.of("fid", Double.NaN));
    assertThatThrownBy(() -> run(process, 0, 4, 4))
        .isInstanceOf(NotFiniteException.class)
        .hasMessageStartingWith("fid is NaN");
    assertThat(folder.resolve("process.csv")).doesNotExist();
  }

  /** A thousand images for FID at the end, a handful on the way. */
  @Test
  void aMetricThatOnlyTheEndAsksForIsAnEmptyCellOnTheWay() throws IOException {
    ProcessFile process =
        new ProcessFile(
            folder, 2, (state, last) -> last ? Map.of("fid", 9.0, "fa", 1.0) : Map.of("fa", 2.0));
    run(process, 0, 4, 4);

    assertThat(ProcessFile.read(folder))
        .containsExactly(
            Map.entry(0, Map.of("fa", 2.0)),
            Map.entry(2, Map.of("fa", 2.0)),
            Map.entry(4, Map.of("fid", 9.0, "fa", 1.0)));
  }

  @Test
  void pointsAreEvenlySpacedAndTheLastIsTheEnd() throws IOException {
    run(4, 0, 10, 10);
    assertThat(ProcessFile.read(folder).keySet()).containsExactly(0, 3, 5, 8, 10);
    assertThat(measured).hasValue(5);
  }

  @Test
  void onePointIsTheEndAlone() throws IOException {
    run(1, 0, 10, 10);
    assertThat(ProcessFile.read(folder).keySet()).containsExactly(10);
  }

  @Test
  void aResumedRunEndsWithTheSameRowsAndMeasuresNoneTwice() throws IOException {
    run(4, 0, 6, 10);
    run(4, 6, 10, 10);
    assertThat(ProcessFile.read(folder))
        .containsOnly(
            Map.entry(0, Map.of("fa", 1.0)),
            Map.entry(3, Map.of("fa", 2.0)),
            Map.entry(5, Map.of("fa", 3.0)),
            Map.entry(8, Map.of("fa", 4.0)),
            Map.entry(10, Map.of("fa", 5.0)));
  }

  @Test
  void aRunThatGoesOnAtAPointThatWasNotMeasuredMeasuresIt() throws IOException {
    run(4, 0, 4, 10);
    run(4, 5, 9, 10);
    run(4, 10, 10, 10);
    assertThat(ProcessFile.read(folder).keySet()).containsExactly(0, 3, 5, 8, 10);
    assertThat(measured).hasValue(5);
  }

  @Test
  void aRunGoesOnWithoutTheRowsThatAreLostAndSaysSo() throws IOException {
    run(4, 0, 8, 10);
    Path file = folder.resolve("process.csv");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 2)); // within the row of step 8
    try (Warnings warnings = Warnings.of(ProcessFile.class)) {
      run(4, 9, 10, 10);
      assertThat(warnings.texts())
          .containsExactly(file + " has lost 1 of the rows before step 9; plots will lack them");
    }
    assertThat(ProcessFile.read(folder).keySet()).containsExactly(0, 3, 5, 10);
    Files.writeString(file, "");
    run(4, 9, 10, 10);
    assertThat(ProcessFile.read(folder).keySet()).containsExactly(10);
  }

  @Test
  void aDamagedFileIsToldInASentence() throws IOException {
    Files.writeString(folder.resolve("process.csv"), "step,fa\n3\n");
    assertThatThrownBy(() -> ProcessFile.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder.resolve("process.csv")
                + " is damaged; remove the folder "
                + folder.getFileName()
                + " to compute the trial again");
  }
}
