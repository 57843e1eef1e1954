package org.dualoptim.core.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a trial ended, as its {@code result.json} tells it; one that could not start has no file.
 *
 * @param id the trial's folder name
 * @param recipe the recipe's name
 * @param title the row's name in tables
 * @param domain who ran it
 * @param status {@code finished}, {@code diverged} or {@code not started}
 * @param note why it did not finish, or null
 * @param seed the trial's seed
 * @param metrics values by metric id; empty if it did not finish
 * @param facts anything else the domain keeps
 * @param parents ids of the parents by role
 * @param resolved the resolved recipe
 * @param provenance what made it
 * @param folder where it lies; not part of the file
 */
public record TrialResult(
    String id,
    String recipe,
    String title,
    String domain,
    String status,
    String note,
    long seed,
    Map<String, Double> metrics,
    Map<String, Object> facts,
    Map<String, String> parents,
    ObjectNode resolved,
    Provenance provenance,
    @com.fasterxml.jackson.annotation.JsonIgnore Path folder) {

  static final String FINISHED = "finished";
  static final String DIVERGED = "diverged";
  static final String NOT_STARTED = "not started";

  /** How a trial that has a file can have ended. */
  static final Set<String> STATUSES = Set.of(FINISHED, DIVERGED);

  /** JSON pointers to what every file has, as against what is null or of later versions. */
  static final List<String> REQUIRED =
      List.of(
          "/id",
          "/recipe",
          "/title",
          "/domain",
          "/status",
          "/seed",
          "/metrics",
          "/facts",
          "/parents",
          "/resolved",
          "/provenance",
          "/provenance/hash");

  public boolean finished() {
    return FINISHED.equals(status);
  }

  public boolean diverged() {
    return DIVERGED.equals(status);
  }

  /** The same result under another row's name: a trial may stand in several recipes. */
  TrialResult titled(String row) {
    return new TrialResult(
        id,
        recipe,
        row,
        domain,
        status,
        note,
        seed,
        metrics,
        facts,
        parents,
        resolved,
        provenance,
        folder);
  }

  TrialResult in(Path where) {
    return new TrialResult(
        id,
        recipe,
        title,
        domain,
        status,
        note,
        seed,
        metrics,
        facts,
        parents,
        resolved,
        provenance,
        where);
  }
}
