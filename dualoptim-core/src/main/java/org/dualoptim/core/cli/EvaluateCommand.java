package org.dualoptim.core.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.DataMissingException;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Measurement;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialRun;
import org.dualoptim.core.run.TrialStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures weights: those of a finished trial, or any file with a recipe that says network, data
 * and splits.
 */
@Command(
    name = "evaluate",
    header = "Measure weights on the forget, retain and test sets of a recipe.",
    description = {
      "",
      "TARGET is the folder of a finished trial, or a recipe together with --weights. A trial's reference, such as the retrained model, is measured beside it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim evaluate runs/sfron-do-s2-604c3afe74 --all",
      "  dualoptim evaluate my.toml --weights resnet20.th --data ~/data"
    })
public final class EvaluateCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateCommand.class);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TARGET",
      description = "Folder of a trial, or name or file of a recipe.")
  private String target;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Weights to measure: .safetensors, or a torch .pth, .pt or .th.")
  private Path weights;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data sets lie; also DUALOPTIM_DATA.")
  private Path data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Replace a value of the recipe (not of a trial); may be repeated.")
  private List<String> set;

  @Option(names = "--all", description = "Take the slow metrics too (the SVC membership attacks).")
  private boolean all;

  @Mixin private CommonOptions common;

  private final Map<String, Domain> domains;

  /**
   * @param domains who reads a recipe, by its {@code domain} key
   */
  public EvaluateCommand(Map<String, Domain> domains) {
    this.domains = domains;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = place();
    boolean trial = Files.isRegularFile(folder.resolve("recipe.json"));
    Path file = weights != null ? weights : folder.resolve(TrialRun.WEIGHTS);
    if (!trial && weights == null) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(),
          target
              + " is no folder of a finished trial; name one, or add --weights FILE to a recipe");
    }
    if (trial && set != null) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(),
          "--set changes recipes, not the trial in "
              + target
              + "; name its recipe and add --weights "
              + file);
    }
    Optional<TrialResult> result = trial ? TrialStore.read(folder) : Optional.empty();
    if (!Files.isRegularFile(file)) {
      throw new DataMissingException(
          file, weights == null ? advice(folder, result) : "name a file of weights");
    }
    ObjectNode resolved;
    if (trial) {
      resolved = TrialStore.recipe(folder);
    } else {
      Recipes recipes = new Recipes(Recipes.overrides(set == null ? List.of() : set));
      resolved = recipes.read(target).tree();
      recipes.requireAllUsed();
    }
    Optional<Path> reference = result.flatMap(own -> reference(own, folder));
    String recorded = result.map(own -> own.provenance().data()).orElse(null);
    String there = inspect(resolved);
    if (recorded != null && !recorded.equals(there)) {
      LOG.warn("{} was computed with other data: {}; here are {}", target, recorded, there);
    }
    List<Measurement> measured = measure(resolved, parents(result, folder), file);
    Map<String, Double> compared = new HashMap<>();
    if (reference.isPresent()) {
      Path other = reference.get();
      measure(
              TrialStore.recipe(other),
              parents(TrialStore.read(other), other),
              other.resolve(TrialRun.WEIGHTS))
          .forEach(m -> compared.put(m.id(), m.value()));
    }
    show(measured, compared);
    return ExitCode.OK.code();
  }

  /** Where the target really lies, so that what is beside it is found from anywhere. */
  private Path place() throws IOException {
    Path named = Path.of(target);
    return Files.exists(named) ? named.toRealPath() : named;
  }

  /** What to do about a trial that has no weights. */
  private static String advice(Path folder, Optional<TrialResult> result) {
    if (result.isEmpty()) {
      return "the trial is not finished; run its recipe first";
    }
    return result.get().diverged()
        ? "the trial diverged and has none"
        : "remove the folder " + folder.getFileName() + " to compute the trial again";
  }

  /** The folder of what a trial is compared with, if it still lies beside the trial's. */
  private static Optional<Path> reference(TrialResult result, Path folder) {
    return Optional.ofNullable(result.parents().get(Domain.REFERENCE))
        .map(folder::resolveSibling)
        .filter(place -> Files.isRegularFile(place.resolve(TrialRun.WEIGHTS)));
  }

  private String inspect(ObjectNode resolved) {
    Domain domain = domain(resolved);
    try {
      return domain.inspect(resolved, data);
    } catch (RecipeException e) {
      throw new RecipeException(target + ": " + e.getMessage(), e);
    }
  }

  /** The folders of a trial's parents by role, which lie beside its own. */
  private static Map<String, Path> parents(Optional<TrialResult> result, Path folder) {
    Map<String, Path> parents = new LinkedHashMap<>();
    result.ifPresent(
        own -> own.parents().forEach((role, id) -> parents.put(role, folder.resolveSibling(id))));
    return parents;
  }

  private List<Measurement> measure(ObjectNode resolved, Map<String, Path> parents, Path file) {
    return domain(resolved).evaluate(resolved, parents, file, data, all);
  }

  private Domain domain(ObjectNode resolved) {
    Domain domain = domains.get(resolved.path("domain").asText());
    if (domain == null) {
      throw new RecipeException(
          target
              + ": domain "
              + resolved.get("domain")
              + " is not known here; known: "
              + domains.keySet());
    }
    return domain;
  }

  /**
   * @param reference the same of the trial's reference by id; empty if there is none
   */
  private void show(List<Measurement> measurements, Map<String, Double> reference)
      throws IOException {
    var out = spec.commandLine().getOut();
    if (common.json()) {
      ArrayNode array = JSON.createArrayNode();
      for (Measurement m : measurements) {
        ObjectNode node = JSON.valueToTree(m);
        if (reference.containsKey(m.id())) {
          node.put("reference", reference.get(m.id()));
        }
        array.add(node);
      }
      out.println(JSON.writeValueAsString(array));
    } else {
      int width = width(measurements.stream().map(Measurement::label));
      int numbers = Math.max(8, width(measurements.stream().map(m -> number(m.value()))));
      int references = Math.max(6, width(reference.values().stream().map(EvaluateCommand::number)));
      for (Measurement m : measurements) {
        Double compared = reference.get(m.id());
        out.println(
            padded(m.label(), -width)
                + " "
                + padded(number(m.value()), numbers)
                + " "
                + padded(m.unit(), -1)
                + "  "
                + (compared == null
                    ? ""
                    : "reference " + padded(number(compared), references) + "  ")
                + m.meaning());
      }
    }
    out.flush();
  }

  /** Two decimals; {@code 1.2e-05} where these would be zeros, as of p-values. */
  static String number(double value) {
    boolean vanishes = value != 0 && Math.abs(value) < 0.005;
    return String.format(Locale.ROOT, vanishes ? "%.1e" : "%.2f", value);
  }

  private static int width(Stream<String> texts) {
    return texts.mapToInt(String::length).max().orElse(0);
  }

  /**
   * @param width columns to fill, negative to begin at the left
   */
  private static String padded(String text, int width) {
    return width == 0 ? text : String.format(Locale.ROOT, "%" + width + "s", text);
  }
}
