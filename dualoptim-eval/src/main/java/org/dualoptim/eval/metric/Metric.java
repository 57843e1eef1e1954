package org.dualoptim.eval.metric;

/**
 * What a reported number is: enough for a table header, a help text and an arrow.
 *
 * @param id the name in files, recipes and JSON
 * @param label the column header
 * @param unit {@code "%"}, or empty for a pure number
 * @param goal which values are good
 * @param meaning one sentence without a full stop
 */
public record Metric(String id, String label, String unit, Goal goal, String meaning) {

  /** Which values of a metric are good. */
  public enum Goal {
    HIGHER("higher is better"),
    LOWER("lower is better"),
    RETRAINED("closer to the model retrained without the forget set is better");

    private final String words;

    Goal(String words) {
      this.words = words;
    }

    /** The goal in words, for legends and help. */
    public String words() {
      return words;
    }
  }

  public static final Metric FA =
      new Metric("fa", "FA", "%", Goal.RETRAINED, "top-1 accuracy on the forget set");
  public static final Metric RA =
      new Metric("ra", "RA", "%", Goal.RETRAINED, "top-1 accuracy on the retain set");
  public static final Metric TA =
      new Metric("ta", "TA", "%", Goal.RETRAINED, "top-1 accuracy on the test set");
  public static final Metric MIA =
      new Metric(
          "mia",
          "MIA",
          "%",
          Goal.RETRAINED,
          "share of the forget set that an entropy attack takes for training data");
  public static final Metric SVC_MIA =
      new Metric(
          "svc_mia",
          "SVC-MIA",
          "",
          Goal.RETRAINED,
          "share of the forget set that a support vector attack takes for unseen data");
  public static final Metric FID =
      new Metric(
          "fid", "FID", "", Goal.LOWER, "Frechet distance between generated and real images");
  public static final Metric ROUGE_1 =
      new Metric(
          "rouge1", "ROUGE-1", "", Goal.HIGHER, "share of the answer's words that were generated");
  public static final Metric ROUGE_L =
      new Metric(
          "rougeL",
          "ROUGE-L",
          "",
          Goal.HIGHER,
          "share of the answer's words that were generated in the answer's order");

  public Metric {
    if (id.isBlank() || label.isBlank() || meaning.isBlank()) {
      throw new IllegalArgumentException("A metric needs an id, a label and a meaning.");
    }
  }

  /** The column header with its unit: {@code "FA (%)"}. */
  public String header() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }
}
