package org.dualoptim.vision;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.report.ReportForm;
import org.dualoptim.eval.report.TrialReport;
import org.dualoptim.eval.report.TrialRow;
import org.dualoptim.eval.stats.Diagnosis;
import org.dualoptim.eval.stats.Knobs;

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
    Diagnosis diagnosis =
        Diagnosis.of(row.scores(), row.reference(), row.start(), knobs(row.resolved()));
    return diagnosis.verdict() == Diagnosis.Verdict.LIKE_RETRAINED ? "" : diagnosis.sentence();
  }

  /** What any recipe offers, and the strengths that methods have of their own. */
  private static Knobs knobs(JsonNode resolved) {
    Knobs knobs = Knobs.of(resolved);
    return switch (resolved.at("/method/kind").asText()) {
      case "sfron" -> knobs.forgettingBy(resolved, "method.alpha");
      case "scrub" -> knobs.keepingBy(resolved, "method.alpha").keepingBy(resolved, "method.gamma");
      default -> knobs;
    };
  }
}
