package org.dualoptim.vision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.report.ReportForm;
import org.dualoptim.eval.report.TrialReport;
import org.dualoptim.eval.report.TrialRow;
import org.dualoptim.eval.stats.Diagnosis;

/**
 * What is vision's own in a report: FA, RA, TA and MIA, all compared with the retrained model, rows
 * in the order of the paper's tables, and a diagnosis of every row that strays.
 */
final class VisionReport {
  private static final List<Metric> METRICS = List.of(Metric.FA, Metric.RA, Metric.TA, Metric.MIA);

  private static final ReportForm FORM =
      new ReportForm(
          METRICS,
          2,
          METRICS,
          "retraining (RT)",
          List.of("FT", "GA", "RL", "SCRUB", "SalUn", "SFRon"),
          VisionReport::diagnosis);

  private VisionReport() {}

  static Report of(List<TrialResult> results) {
    return new TrialReport(results, FORM);
  }

  private static String diagnosis(TrialRow row) {
    if (row.reference().isEmpty()) {
      return "";
    }
    Map<Metric, Double> means = new LinkedHashMap<>();
    METRICS.forEach(metric -> means.put(metric, row.summary(metric).mean()));
    Diagnosis diagnosis = Diagnosis.of(new Scores(means), row.reference());
    return diagnosis.verdict() == Diagnosis.Verdict.LIKE_RETRAINED ? "" : diagnosis.sentence();
  }
}
