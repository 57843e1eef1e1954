package org.dualoptim.eval.report;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.dualoptim.eval.metric.Metric;

/**
 * Which numbers of trials a {@link TrialReport} shows, in what order and beside what.
 *
 * @param metrics the columns; a trial that was measured by all of them is part of a row
 * @param decimals digits after the point of every metric
 * @param compared the metrics whose distance from the reference stands in brackets, and whose mean
 *     distance is the Gap column; empty where rows have no reference
 * @param reference what rows are compared with, as titles and legends call it; empty where {@code
 *     compared} is
 * @param order titles as tables list them; others come after these, and all that end with {@code
 *     +DO} after all that do not
 * @param words what stands beneath the table about a row whose trials all finished; empty for
 *     nothing
 */
public record ReportForm(
    List<Metric> metrics,
    int decimals,
    List<Metric> compared,
    String reference,
    List<String> order,
    Function<TrialRow, String> words) {
  private static final String DUAL = "+DO";

  public ReportForm {
    metrics = List.copyOf(metrics);
    compared = List.copyOf(compared);
    order = List.copyOf(order);
    Objects.requireNonNull(words, "words");
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("metrics must not be empty");
    }
    if (!metrics.containsAll(compared)) {
      throw new IllegalArgumentException("compared must be among the metrics, got " + compared);
    }
    if (compared.isEmpty() != reference.isEmpty()) {
      throw new IllegalArgumentException(
          "reference must be named where metrics are compared with it, and only there; got \""
              + reference
              + "\"");
    }
  }

  /** A form of rows that are compared with nothing and need no words. */
  public static ReportForm plain(List<Metric> metrics, int decimals, List<String> order) {
    return new ReportForm(metrics, decimals, List.of(), "", order, row -> "");
  }

  /** A row's place by its title; rows of equal place stay as they come. */
  int place(String title) {
    int place = order.indexOf(title.replace(DUAL, ""));
    int listed = place < 0 ? order.size() : place;
    return title.endsWith(DUAL) ? order.size() + 1 + listed : listed;
  }
}
