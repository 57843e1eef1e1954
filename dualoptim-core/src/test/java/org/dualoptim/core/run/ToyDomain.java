package org.dualoptim.core.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Guice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Recipe;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.unlearn.Loss;
import org.dualoptim.core.unlearn.MovingAverage;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.Tap;
import org.dualoptim.core.unlearn.UnlearningLoop;

/** A domain whose models are vectors: everything a trial has, in milliseconds. */
public final class ToyDomain implements Domain {
  /** Trials that were computed, in order. */
  public final List<String> computed = new ArrayList<>();

  /** Whether a measurement takes so long that it asks whether to go on. */
  public boolean asksWhileMeasuring;

  /** What else a plan computes. */
  public Consumer<TrialRun> whilePlanning = run -> {};

  private static final MovingAverage AVERAGE = new MovingAverage(0.9);

  private final Tables tables = Guice.createInjector(new CoreModule()).getInstance(Tables.class);

  /** The recipe; {@code row_millis} is how long a batch takes to load. */
  record Recipe(
      String domain,
      String title,
      long seed,
      int width,
      int rowMillis,
      Schedule schedule,
      UnlearningOptimizer optimizer) {
    Recipe {
      if (width < 1) {
        throw new IllegalArgumentException("width must be >= 1, got " + width);
      }
    }
  }

  @Override
  public Set<String> roles() {
    return Set.of("teacher", "start", "reference", "other", "base");
  }

  @Override
  public String inspect(ObjectNode resolved, Path data) {
    return read(resolved).width() + " numbers";
  }

  private Recipe read(ObjectNode resolved) {
    return tables.read(resolved, Recipe.class, "");
  }

  @Override
  public Outcome run(TrialRun run) {
    computed.add(run.trial().id());
    Recipe recipe = read(run.trial().resolved());
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray w = manager.ones(new Shape(recipe.width()));
      w.setRequiresGradient(true);
      NDArray seen = manager.zeros(new Shape(2));
      Parameters parameters =
          Parameters.of(
              List.of(
                  new Parameters.Entry("base", manager.ones(new Shape(2)), Role.FROZEN),
                  new Parameters.Entry("w", w, Role.HIDDEN),
                  new Parameters.Entry("seen", seen, Role.BUFFER)));
      if (run.parents().containsKey("start")) {
        run.load("start", parameters.changing());
      }
      List<Part<?>> parts = new ArrayList<>();
      parts.add(Part.descend(Objective.FORGET, rows(recipe, "forget"), loss(w, seen, -1)));
      parts.add(Part.descend(Objective.RETAIN, rows(recipe, "retain"), loss(w, seen, 1)));
      if (recipe.optimizer().accepts(Objective.JOINT)) {
        parts.add(Part.descend(Objective.JOINT, rows(recipe, "joint"), loss(w, seen, 1)));
      }
      Plan plan = new Plan(recipe.schedule(), parts, List.of()).with(AVERAGE);
      UnlearningLoop loop =
          new UnlearningLoop(recipe.optimizer(), new Draws(recipe.seed()), Set.of(Tap.values()));
      double[] planned = new double[1]; // what plans and measurements draw is resumed as well
      ProcessFile process =
          new ProcessFile(
              run.folder(),
              1,
              (state, last) -> {
                if (asksWhileMeasuring) {
                  run.requireGoingOn();
                }
                return Map.of(
                    "norm", (double) w.norm().getFloat(),
                    "average", (double) AVERAGE.of(state).get(0).norm().getFloat(),
                    "seen", (double) seen.toFloatArray()[0],
                    "planned", planned[0],
                    "drawn", (double) manager.randomNormal(new Shape(1)).getFloat());
              });
      Supplier<Plan> planning =
          () -> {
            whilePlanning.accept(run);
            planned[0] = manager.randomNormal(new Shape(1)).getFloat();
            return plan;
          };
      return run.train(loop, planning, parameters, manager, process, Map.of("rows", 3));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Squared distance to noisy rows; counts what it saw, as running statistics do. */
  private static Loss<NDArray> loss(NDArray w, NDArray seen, float sign) {
    return (row, moment) -> {
      seen.addi(1);
      NDArray noisy = row.add(row.getManager().randomNormal(row.getShape()).mul(0.1f));
      return noisy.sub(w).square().mean().mul(sign);
    };
  }

  private static Batches<NDArray> rows(Recipe recipe, String stream) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return 3;
      }

      @Override
      public NDArray load(int pass, int index, NDManager manager) {
        sleep(recipe.rowMillis());
        RandomGenerator random = new Draws(recipe.seed()).at(stream, pass, index);
        float[] row = new float[recipe.width()];
        for (int i = 0; i < row.length; i++) {
          row[i] = random.nextFloat();
        }
        return manager.create(row);
      }
    };
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Measurement> evaluate(
      ObjectNode resolved, Map<String, Path> parents, Path weights, Path data, boolean thorough) {
    return List.of(
        new Measurement("width", "Width", "", read(resolved).width(), "how many numbers"));
  }

  @Override
  public Report report(List<TrialResult> results) {
    StringBuilder table = new StringBuilder();
    results.forEach(
        result ->
            table
                .append(result.title())
                .append(" s")
                .append(result.seed())
                .append(' ')
                .append(result.status())
                .append('\n'));
    return new Report() {
      @Override
      public String table(OptionalInt columns) {
        return table.toString().stripTrailing();
      }

      @Override
      public void write(Path folder) throws IOException {
        AtomicFiles.writeString(folder.resolve("table.txt"), table.toString());
      }
    };
  }
}
