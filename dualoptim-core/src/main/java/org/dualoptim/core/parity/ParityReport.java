package org.dualoptim.core.parity;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Results as people and programs read them. */
public final class ParityReport {
  private static final JsonMapper JSON = new JsonMapper();

  private ParityReport() {}

  /**
   * One line: {@code PASS|FAIL kind name max_abs max_rel (limit) ms}, and after it the reason of a
   * failure.
   */
  public static String line(ParityResult result) {
    String line =
        String.format(
            Locale.ROOT,
            "%s  %-14s  %-44s  %8s  %8s  (%s)  %.1f ms%s",
            result.passed() ? "PASS" : "FAIL",
            result.kind(),
            result.name(),
            number(result.maxAbs()),
            number(result.maxRel()),
            result.limit(),
            result.millis(),
            result.reason().map(reason -> "  " + reason).orElse(""));
    return line.replaceAll("\\p{Cntrl}", "?");
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : Double.isInfinite(value) ? "inf" : String.format(Locale.ROOT, "%.2e", value);
  }

  /** The closing line: {@code N passed, M failed}. */
  public static String summary(List<ParityResult> results) {
    return passed(results) + " passed, " + (results.size() - passed(results)) + " failed";
  }

  private static long passed(List<ParityResult> results) {
    return results.stream().filter(ParityResult::passed).count();
  }

  /**
   * All results as {@code {passed, failed, cases: [{kind, name, passed, max_abs, max_rel, limit,
   * ms, reason, file}]}}; a number that is not finite, and the reason of a case that passed, are
   * null.
   */
  public static ObjectNode json(List<ParityResult> results) {
    ObjectNode report = JSON.createObjectNode();
    report.put("passed", passed(results)).put("failed", results.size() - passed(results));
    var cases = report.putArray("cases");
    for (ParityResult result : results) {
      ObjectNode node = cases.addObject();
      node.put("kind", result.kind()).put("name", result.name()).put("passed", result.passed());
      node.put("max_abs", finite(result.maxAbs())).put("max_rel", finite(result.maxRel()));
      node.put("limit", result.limit()).put("ms", result.millis());
      node.put("reason", result.reason().orElse(null)).put("file", result.file().toString());
    }
    return report;
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
