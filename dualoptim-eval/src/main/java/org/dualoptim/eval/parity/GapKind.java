package org.dualoptim.eval.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.stats.AverageGap;
import org.dualoptim.eval.stats.Summary;

/**
 * The kind {@code gap}: {@code mean} [4], {@code std} [4], {@code gap} [] and {@code avg_std} [] of
 * {@link AverageGap} over trials of FA, RA, TA, MIA.
 */
final class GapKind implements ParityKind {
  private static final List<Metric> COLUMNS = List.of(Metric.FA, Metric.RA, Metric.TA, Metric.MIA);

  @Override
  public String id() {
    return "gap";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    AverageGap gap = AverageGap.of(COLUMNS, trials(c, "method"), trials(c, "retrain"));
    return Map.of(
        "mean", vector(gap.method(), Summary::mean),
        "std", vector(gap.method(), Summary::std),
        "gap", HostTensor.scalar((float) gap.gap()),
        "avg_std", HostTensor.scalar((float) gap.averageStd()));
  }

  private static List<Scores> trials(ParityCase c, String name) {
    List<Scores> trials = new ArrayList<>();
    for (float[] row : Inputs.rows(c, name)) {
      if (row.length != COLUMNS.size()) {
        throw new ParityException(
            "case "
                + c.name()
                + ": in/"
                + name
                + " must have the 4 columns FA, RA, TA, MIA, got "
                + row.length);
      }
      Map<Metric, Double> values = new LinkedHashMap<>();
      for (int j = 0; j < row.length; j++) {
        values.put(COLUMNS.get(j), (double) row[j]);
      }
      trials.add(new Scores(values));
    }
    return trials;
  }

  private static HostTensor vector(List<Summary> summaries, ToDoubleFunction<Summary> part) {
    float[] values = new float[summaries.size()];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) part.applyAsDouble(summaries.get(j));
    }
    return HostTensor.of(values, values.length);
  }
}
