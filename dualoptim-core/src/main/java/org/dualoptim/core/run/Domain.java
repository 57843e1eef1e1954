package org.dualoptim.core.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.recipe.RecipeException;

/**
 * What a domain (vision, diffusion, language models) does with trials; bound by its Guice module
 * under its name in recipes.
 */
public interface Domain {

  /** The role of the parent that a trial's numbers are compared with. */
  String REFERENCE = "reference";

  /** The roles that a parent can have: the keys that recipes may put into {@code needs}. */
  Set<String> roles();

  /**
   * Reads the resolved recipe in full without running it, and identifies the data it would read.
   *
   * @param data where data sets lie, or null for the domain's usual places
   * @return row counts and a digest: enough to tell two data sets apart
   * @throws RecipeException if a key is unknown, missing or of the wrong type or value
   * @throws DataMissingException if the data is not there
   */
  String inspect(ObjectNode resolved, Path data);

  /** Computes the trial in its folder; returns what a result says beyond provenance. */
  Outcome run(TrialRun run);

  /**
   * Measures given weights on the data and splits of a resolved recipe.
   *
   * @param parents the folders of the trial's parents by role, where weights may lie that the file
   *     does not have, such as the base under adapters; empty for a recipe
   * @param weights a file of weights in any format the domain reads
   * @param data where data sets lie, or null for the domain's usual places
   * @param thorough whether to take the slow metrics too
   */
  List<Measurement> evaluate(
      ObjectNode resolved, Map<String, Path> parents, Path weights, Path data, boolean thorough);

  /** What a person wants to see of finished trials. */
  Report report(List<TrialResult> results);
}
