package org.dualoptim.core.run;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.dualoptim.core.recipe.Recipe;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.tensor.TorchOps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings trials up to date: lists those a recipe stands for, computes the ones that have no result,
 * parents first, and returns all results. Every command that needs numbers is a view on this.
 */
public final class TrialEngine {
  private static final Logger LOG = LoggerFactory.getLogger(TrialEngine.class);

  /**
   * How to go about it.
   *
   * @param data where data sets lie, or null for the domain's usual places
   * @param resume whether to go on from checkpoints that interrupted runs left
   * @param fresh whether to drop them instead
   * @param trials at most this many values of the {@code seed} axis; 0 for all
   * @param checkpointEvery wall time between checkpoints
   */
  public record Options(
      Path data, boolean resume, boolean fresh, int trials, Duration checkpointEvery) {}

  private final Recipes recipes;
  private final Map<String, Domain> domains;
  private final TrialStore store;
  private final Options options;
  private final Progress progress;
  private final BooleanSupplier interrupted;
  private final Map<String, Recipe> read = new LinkedHashMap<>();

  /**
   * @param domains who runs a recipe, by its {@code domain} key
   * @param interrupted true once the run shall stop at the next step
   */
  public TrialEngine(
      Recipes recipes,
      Map<String, Domain> domains,
      TrialStore store,
      Options options,
      Progress progress,
      BooleanSupplier interrupted) {
    this.recipes = recipes;
    this.domains = Map.copyOf(domains);
    this.store = store;
    this.options = options;
    this.progress = progress;
    this.interrupted = interrupted;
  }

  /** The trials of a recipe: one for every combination of its axes' values, parents attached. */
  public List<Trial> trials(String nameOrFile) {
    Recipe recipe = recipe(nameOrFile);
    List<JsonNode> seeds = recipe.axes().get("seed");
    if (seeds != null && options.trials() > seeds.size()) {
      LOG.warn(
          "{} has {} of the {} trials asked for; its seed axis names no more",
          recipe.given(),
          seeds.size(),
          options.trials());
    }
    List<ObjectNode> points = new ArrayList<>(List.of(recipe.tree().deepCopy()));
    for (Map.Entry<String, List<JsonNode>> axis : recipe.axes().entrySet()) {
      List<JsonNode> values = axis.getValue();
      if (axis.getKey().equals("seed") && options.trials() > 0) {
        values = values.subList(0, Math.min(options.trials(), values.size()));
      }
      List<ObjectNode> next = new ArrayList<>();
      for (ObjectNode point : points) {
        for (JsonNode value : values) {
          ObjectNode copy = point.deepCopy();
          Recipes.replace(copy, axis.getKey(), value);
          next.add(copy);
        }
      }
      points = next;
    }
    return points.stream().map(point -> trial(recipe, point, List.of())).toList();
  }

  /**
   * @param children the recipes that need this one, the one asked for first
   */
  private Trial trial(Recipe recipe, ObjectNode resolved, List<String> children) {
    List<String> line = new ArrayList<>(children);
    line.add(recipe.name());
    if (children.contains(recipe.name())) {
      throw new RecipeException(
          "needs go in a circle: "
              + String.join(" needs ", line.subList(line.indexOf(recipe.name()), line.size())));
    }
    JsonNode seed = resolved.get("seed");
    if (seed == null || !seed.isIntegralNumber()) {
      throw new RecipeException(
          recipe.given()
              + (seed == null
                  ? ": seed is missing"
                  : ": seed: must be a whole number, got " + seed));
    }
    Domain domain = domain(recipe);
    for (String role : recipe.needs().keySet()) {
      if (!domain.roles().contains(role)) {
        throw new RecipeException(
            recipe.given()
                + ": needs."
                + role
                + ": unknown role; known roles: "
                + String.join(", ", new TreeSet<>(domain.roles())));
      }
    }
    Map<String, Trial> parents = new LinkedHashMap<>();
    recipe.needs().forEach((role, name) -> parents.put(role, parent(recipe(name), resolved, line)));
    String data;
    try {
      data = domain.inspect(resolved, options.data());
    } catch (RecipeException e) {
      throw new RecipeException(recipe.given() + ": " + e.getMessage(), e);
    }
    return new Trial(recipe, resolved, seed.asLong(), data, parents);
  }

  /**
   * The parent's trial for a child: the child's value on each of the parent's axes, the first where
   * the child has no such key.
   */
  private Trial parent(Recipe parent, ObjectNode child, List<String> children) {
    ObjectNode resolved = parent.tree().deepCopy();
    parent
        .axes()
        .forEach(
            (key, values) -> {
              JsonNode own = Recipes.at(child, key);
              Recipes.replace(resolved, key, own == null ? values.get(0) : own);
            });
    return trial(parent, resolved, children);
  }

  private Recipe recipe(String nameOrFile) {
    return read.computeIfAbsent(nameOrFile, recipes::read);
  }

  private Domain domain(Recipe recipe) {
    Domain domain = domains.get(recipe.domain());
    if (domain == null) {
      throw new RecipeException(
          recipe.given()
              + ": domain \""
              + recipe.domain()
              + "\" is not known here; known: "
              + String.join(", ", new TreeSet<>(domains.keySet())));
    }
    return domain;
  }

  /**
   * Computes what is missing. A trial whose parent diverged cannot start; the others go on.
   *
   * @param wanted trials whose results are asked for
   * @return the results of these and of all they need, parents first; that of a trial which
   *     diverged or could not start says so
   * @throws InterruptedRunException if stopped from outside; what is finished stays
   */
  public List<TrialResult> bringUpToDate(List<Trial> wanted) {
    Map<String, Trial> all = new LinkedHashMap<>();
    wanted.forEach(trial -> collect(trial, all));
    try {
      Map<String, TrialResult> results = new HashMap<>();
      List<Trial> missing = new ArrayList<>();
      for (Trial trial : all.values()) {
        Optional<TrialResult> there = store.result(trial);
        if (there.isEmpty()) {
          missing.add(trial);
          continue;
        }
        results.put(trial.id(), there.get());
        if (there.get().diverged()) {
          LOG.warn(
              "{} diverged in an earlier run; remove its folder to compute it again", trial.id());
        }
      }
      refuseUnfinished(missing);
      int done = 0;
      for (Trial trial : missing) {
        if (done > 0 && interrupted.getAsBoolean()) { // the first one asks for itself
          throw new InterruptedRunException();
        }
        done++;
        LOG.info("[{}/{}] {}", done, missing.size(), trial.id());
        Map<String, TrialResult> parents = new LinkedHashMap<>();
        trial.parents().forEach((role, parent) -> parents.put(role, results.get(parent.id())));
        results.put(trial.id(), computed(trial, parents));
      }
      return all.values().stream()
          .map(trial -> results.get(trial.id()).titled(title(trial)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(Trial trial, Map<String, Trial> into) {
    trial.parents().values().forEach(parent -> collect(parent, into));
    into.putIfAbsent(trial.id(), trial);
  }

  /** Says so before the first trial is computed, not hours later. */
  private void refuseUnfinished(List<Trial> missing) throws IOException {
    for (Trial trial : missing) {
      if (TrialStore.locked(store.folder(trial))) {
        throw store.busy(store.folder(trial));
      }
      if (store.interrupted(trial) && !options.fresh() && !options.resume()) {
        throw new RecipeException(
            trial.id()
                + " was interrupted earlier; add --resume to go on from its checkpoint, or --fresh to start it over");
      }
    }
  }

  private TrialResult computed(Trial trial, Map<String, TrialResult> parents) throws IOException {
    for (Map.Entry<String, TrialResult> parent : parents.entrySet()) {
      TrialResult ended = parent.getValue();
      if (!ended.finished()) {
        return notStarted(
            trial,
            "did not start: its "
                + parent.getKey()
                + " "
                + ended.id()
                + (ended.diverged() ? " diverged" : " did not either"));
      }
    }
    try (Closeable lock = store.lock(trial)) {
      Optional<TrialResult> meanwhile = store.result(trial); // of another process
      return meanwhile.isPresent() ? meanwhile.get() : computeLocked(trial, parents);
    }
  }

  private TrialResult notStarted(Trial trial, String why) {
    LOG.warn("{} {}", trial.id(), why);
    Outcome nothing = new Outcome(Map.of(), Map.of(), 0, 0, null);
    return result(trial, TrialResult.NOT_STARTED, why, nothing, Elapsed.start());
  }

  private TrialResult computeLocked(Trial trial, Map<String, TrialResult> parents)
      throws IOException {
    Path folder = store.folder(trial);
    if (options.fresh()) {
      store.clear(trial);
    }
    boolean goesOn = store.interrupted(trial);
    Elapsed elapsed =
        goesOn
            ? Elapsed.goOn(Checkpoint.facts(folder.resolve(TrialRun.CHECKPOINT), trial.hash()))
            : Elapsed.start();
    store.begin(trial);
    PeakMemory.reset();
    TrialRun run =
        new TrialRun(
            trial,
            folder,
            parents,
            options.data(),
            progress,
            options.checkpointEvery(),
            interrupted,
            elapsed);
    Outcome outcome = domain(trial.recipe()).run(run);
    if (outcome.diverged() != null) {
      LOG.warn("{} {}", trial.id(), outcome.diverged().getMessage());
    }
    boolean diverged = outcome.diverged() != null;
    String note = diverged ? outcome.diverged().getMessage() : null;
    String status = diverged ? TrialResult.DIVERGED : TrialResult.FINISHED;
    store.finish(trial, result(trial, status, note, outcome, elapsed));
    return store.result(trial).orElseThrow(); // as every later run will read it
  }

  private TrialResult result(
      Trial trial, String status, String note, Outcome outcome, Elapsed elapsed) {
    Map<String, String> parents = new LinkedHashMap<>();
    trial.parents().forEach((role, parent) -> parents.put(role, parent.id()));
    Engine engine = Engine.getEngine("PyTorch");
    Provenance provenance =
        new Provenance(
            trial.hash(),
            trial.data(),
            BuildInfo.version(),
            BuildInfo.commit(),
            System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
            "DJL "
                + Engine.getDjlVersion()
                + ", "
                + engine.getEngineName()
                + " "
                + engine.getVersion(),
            engine.defaultDevice().toString(),
            TorchOps.threads(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            elapsed.since().truncatedTo(ChronoUnit.SECONDS).toString(),
            elapsed.wallSeconds(),
            outcome.trainSeconds(),
            outcome.steps(),
            PeakMemory.mebibytes(),
            elapsed.resumed());
    return new TrialResult(
        trial.id(),
        trial.recipe().name(),
        title(trial),
        trial.recipe().domain(),
        status,
        note,
        trial.seed(),
        outcome.metrics(),
        outcome.facts(),
        parents,
        trial.resolved(),
        provenance,
        store.folder(trial));
  }

  /** The row's name: the recipe's title and the trial's place on every axis but the seed. */
  private static String title(Trial trial) {
    StringBuilder title = new StringBuilder(trial.recipe().title());
    for (String axis : trial.recipe().axes().keySet()) {
      if (!axis.equals("seed")) {
        JsonNode value = Recipes.at(trial.resolved(), axis);
        title
            .append(", ")
            .append(axis.substring(axis.lastIndexOf('.') + 1))
            .append(' ')
            .append(inWords(value, trial.recipe().axes().get(axis)));
      }
    }
    return title.toString();
  }

  /** A table is called by its kind, or as JSON where another one on the axis is of that kind. */
  private static String inWords(JsonNode value, List<JsonNode> axis) {
    if (value.isNumber()) {
      return shortest(value.asDouble());
    }
    if (!value.isContainerNode()) {
      return value.asText();
    }
    JsonNode kind = value.path("kind");
    boolean alone = axis.stream().filter(other -> other.path("kind").equals(kind)).count() == 1;
    return kind.isTextual() && alone ? kind.asText() : value.toString();
  }

  /** As a person writes it: {@code 10}, {@code 0.001}, {@code 3e-4}. */
  private static String shortest(double value) {
    String text = Double.toString(value).replace('E', 'e').replace(".0e", "e");
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
