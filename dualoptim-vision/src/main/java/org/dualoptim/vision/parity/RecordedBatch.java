package org.dualoptim.vision.parity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.MayBeAbsent;

/**
 * One step of a recorded run; what else a recorder noted about it is passed over.
 *
 * @param objective whose step it is
 * @param indices rows of the batch
 * @param labels labels that replace those of the rows; absent means the rows' own
 * @param iteration the official loop's t, at which the schedule is read; absent where there is no
 *     schedule
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RecordedBatch(
    Objective objective, List<Integer> indices, @MayBeAbsent List<Long> labels, Double iteration) {

  RecordedBatch {
    requireRows("indices", indices);
    if (labels != null && labels.size() != indices.size()) {
      throw new IllegalArgumentException(
          "labels must be as many as indices, " + indices.size() + ", got " + labels.size());
    }
    if (labels != null) {
      requireNoNull("labels", labels);
    }
    if (iteration != null && !(iteration >= 0)) {
      throw new IllegalArgumentException("iteration must be >= 0, got " + iteration);
    }
  }

  /** Refuses a batch without rows. */
  static void requireRows(String name, List<Integer> rows) {
    if (rows == null || rows.isEmpty()) {
      throw new IllegalArgumentException(name + " must name at least one row");
    }
    requireNoNull(name, rows);
  }

  private static void requireNoNull(String name, List<?> values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == null) {
        throw new IllegalArgumentException(name + "[" + i + "] must be a whole number, got null");
      }
    }
  }
}
