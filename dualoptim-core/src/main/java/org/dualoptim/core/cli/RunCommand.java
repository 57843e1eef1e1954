package org.dualoptim.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.Trial;
import org.dualoptim.core.run.TrialEngine;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Brings the trials of recipes up to date and shows their table. The one command that computes;
 * every domain's main is this command with recipes of its own to begin with.
 */
@Command(
    name = "run",
    header = "Run recipes and print their table.",
    description = {
      "",
      "Trials that have a result in --runs are not computed again; the trials a recipe needs (pretraining, retraining) are computed first.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim run vision/shapes        every method on embedded images",
      "  dualoptim run vision/shapes/sfron-do --trials 5",
      "  dualoptim run vision/cifar10-resnet20-small --data ~/data",
      "  dualoptim run my.toml --set method.alpha=0.2"
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECIPE",
      arity = "0..*",
      description =
          "Name of a recipe, of a folder of recipes, or a TOML file. `dualoptim recipes` lists the names.")
  private List<String> arguments;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data sets lie; also DUALOPTIM_DATA.")
  private Path data;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Where trials are kept.")
  private Path runs;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Where table and plots go; a folder beside the trials if absent. Each of several domains gets a folder in it.")
  private Path report;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Replace a value of the recipes, parents included: --set schedule.epochs=2. May be repeated.")
  private List<String> set;

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "Use the first N seeds of each recipe; 0 for all.")
  private int trials;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoints that interrupted runs left.")
  private boolean resume;

  @Option(names = "--fresh", description = "Start interrupted trials over.")
  private boolean fresh;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Time between checkpoints.")
  private long checkpointSeconds;

  @Mixin private CommonOptions common;

  private final Map<String, Domain> domains;
  private final List<String> usual;
  private final Interruption interruption;

  /**
   * @param domains who runs recipes, by their {@code domain} key
   * @param usual the recipes to run if none is named; empty if one must be named
   * @param usualTrials how many seeds to use if {@code --trials} is absent
   * @param interruption tells that the run shall stop
   */
  public RunCommand(
      Map<String, Domain> domains, List<String> usual, int usualTrials, Interruption interruption) {
    this.domains = domains;
    this.usual = usual;
    this.trials = usualTrials;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    List<String> named = arguments == null ? usual : arguments;
    if (named.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "name a recipe, for example vision/shapes; `dualoptim recipes` lists them");
    }
    if (resume && fresh) {
      throw new ParameterException(spec.commandLine(), "--resume and --fresh exclude each other");
    }
    requireAtLeastZero("--trials", trials);
    requireAtLeastZero("--checkpoint-every", checkpointSeconds);
    requireAtMostAYear("--checkpoint-every", checkpointSeconds);
    requireFolder("--runs", runs);
    requireFolder("--report", report);
    makeReportFolder();
    interruption.install();
    try {
      return run(named);
    } finally {
      interruption.uninstall();
    }
  }

  private void requireAtLeastZero(String option, long value) {
    if (value < 0) {
      throw new ParameterException(spec.commandLine(), option + " must be >= 0, got " + value);
    }
  }

  private void requireAtMostAYear(String option, long seconds) {
    long year = Duration.ofDays(365).toSeconds();
    if (seconds > year) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be at most " + year + " seconds, a year, got " + seconds);
    }
  }

  /** Now rather than after hours of computing. */
  private void requireFolder(String option, Path place) {
    if (place != null && Files.exists(place) && !Files.isDirectory(place)) {
      throw new ParameterException(
          spec.commandLine(), option + " must name a folder, but " + place + " is a file");
    }
  }

  /** Also before hours of computing: that it can be made. */
  private void makeReportFolder() {
    if (report == null) {
      return;
    }
    try {
      Files.createDirectories(report);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--report: the folder " + report + " cannot be made; choose another",
          e);
    }
  }

  private int run(List<String> named) throws IOException {
    Recipes recipes = new Recipes(Recipes.overrides(set == null ? List.of() : set));
    TrialEngine engine =
        new TrialEngine(
            recipes,
            domains,
            new TrialStore(runs),
            new TrialEngine.Options(
                data, resume, fresh, trials, Duration.ofSeconds(checkpointSeconds)),
            common.progress(),
            interruption::requested);
    List<Trial> wanted = new ArrayList<>();
    for (String argument : named) {
      for (String name : Recipes.expand(argument)) {
        wanted.addAll(engine.trials(name));
      }
    }
    recipes.requireAllUsed();
    List<TrialResult> results = engine.bringUpToDate(wanted);
    show(named, results);
    boolean diverged = results.stream().anyMatch(TrialResult::diverged);
    return (diverged ? ExitCode.DIVERGED : ExitCode.OK).code();
  }

  private void show(List<String> named, List<TrialResult> results) throws IOException {
    Map<String, List<TrialResult>> byDomain = new LinkedHashMap<>();
    results.forEach(
        result -> byDomain.computeIfAbsent(result.domain(), d -> new ArrayList<>()).add(result));
    var out = spec.commandLine().getOut();
    Path place = report != null ? report : runs.resolve("reports").resolve(folderName(named));
    if (common.json()) {
      out.println(TrialStore.json(results));
      out.flush();
    }
    for (Map.Entry<String, List<TrialResult>> entry : byDomain.entrySet()) {
      Path folder = byDomain.size() == 1 ? place : place.resolve(entry.getKey());
      Report made = domains.get(entry.getKey()).report(entry.getValue());
      if (!common.json()) {
        out.println(made.table(common.columns()));
        out.flush(); // seen, whatever becomes of the files
      }
      made.write(folder);
      if (!common.json()) {
        out.println(
            "Trials in "
                + runs.toAbsolutePath()
                + ", table and plots in "
                + folder.toAbsolutePath());
      }
    }
    out.flush();
  }

  /** After the one recipe or folder that was named, or the first and how many more. */
  private static String folderName(List<String> named) {
    Path first = Path.of(named.get(0));
    int parts = Math.min(2, first.getNameCount());
    String name =
        first
            .subpath(first.getNameCount() - parts, first.getNameCount())
            .toString()
            .replaceAll("\\.toml$", "")
            .replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    return named.size() == 1 ? name : name + "-and-" + (named.size() - 1) + "-more";
  }
}
