package org.dualoptim.vision;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dualoptim.core.run.ProcessFile;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.report.Plot;
import org.dualoptim.eval.report.Plot.Panel;
import org.dualoptim.eval.report.Plot.Reference;
import org.dualoptim.eval.report.Plot.Series;
import org.dualoptim.eval.stats.Summary;

/**
 * Plots of trials: the unlearning process (figures 1, 2, 5 and 6 of the paper), gradient norms and
 * their cosine (figures 3 and 4).
 */
final class VisionPlots {
  private static final List<Metric> METRICS = List.of(Metric.FA, Metric.RA, Metric.TA, Metric.MIA);

  /** Window of the moving average of cosines; the paper does not state its own. */
  private static final int WINDOW = 9;

  private VisionPlots() {}

  /**
   * Metrics against progress, mean and standard deviation over the trials, the retrained model
   * dashed.
   */
  static void process(
      String title, List<TrialResult> trials, Map<Metric, Double> retrained, Path png)
      throws IOException {
    List<SortedMap<Integer, Map<String, Double>>> runs = new ArrayList<>();
    for (TrialResult trial : trials) {
      SortedMap<Integer, Map<String, Double>> run = ProcessFile.read(trial.folder());
      if (!runs.isEmpty() && !run.keySet().equals(runs.get(0).keySet())) {
        throw new IOException(
            trial.folder() + " was measured after other steps than " + trials.get(0).folder());
      }
      runs.add(run);
    }
    double[] steps = runs.get(0).keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    List<Panel> panels = new ArrayList<>();
    for (Metric metric : METRICS) {
      double[] mean = new double[steps.length];
      double[] std = new double[steps.length];
      for (int i = 0; i < steps.length; i++) {
        int step = (int) steps[i];
        Summary summary =
            Summary.of(runs.stream().mapToDouble(run -> run.get(step).get(metric.id())).toArray());
        mean[i] = summary.mean();
        std[i] = summary.std();
      }
      List<Reference> references =
          retrained.containsKey(metric)
              ? List.of(new Reference("retrained", retrained.get(metric)))
              : List.of();
      Series series =
          trials.size() > 1
              ? Series.band(title, steps, mean, std)
              : Series.line(title, steps, mean);
      panels.add(
          new Panel(
              metric.label(), "step", metric.label() + " (%)", false, List.of(series), references));
    }
    String spread = trials.size() > 1 ? " (mean and std of " + trials.size() + " trials)" : "";
    new Plot(title + ": the unlearning process" + spread, panels, 2).write(png);
  }

  /**
   * Norms of the gradients as the optimizer received them, and their cosine where a run took it.
   */
  static void gradients(String title, TrialResult trial, Path png) throws IOException {
    Path file = trial.folder().resolve("telemetry.csv");
    try (Reader in = Files.newBufferedReader(file)) {
      List<CSVRecord> rows =
          CSVFormat.DEFAULT
              .builder()
              .setHeader()
              .setSkipHeaderRecord(true)
              .get()
              .parse(in)
              .getRecords();
      gradients(title, trial, rows, png);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is missing", e);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IOException(file + " is damaged", e);
    }
  }

  private static void gradients(String title, TrialResult trial, List<CSVRecord> rows, Path png)
      throws IOException {
    List<Series> norms = new ArrayList<>();
    for (String objective : List.of("forget", "retain", "joint")) {
      Predicate<CSVRecord> own =
          row ->
              row.get("objective").equals(objective)
                  && Double.parseDouble(row.get("applied_norm")) > 0;
      if (rows.stream().anyMatch(own)) {
        norms.add(
            Series.line(objective, column(rows, own, "step"), column(rows, own, "applied_norm")));
      }
    }
    List<Panel> panels = new ArrayList<>();
    panels.add(new Panel("gradient norm, as applied", "step", "norm", true, norms, List.of()));
    Predicate<CSVRecord> compared = row -> !row.get("cosine").isEmpty();
    if (rows.stream().filter(compared).count() > WINDOW) {
      Series raw =
          Series.line("cosine", column(rows, compared, "step"), column(rows, compared, "cosine"));
      panels.add(
          new Panel(
              "forget-retain cosine (bold: mean of " + WINDOW + ")",
              "step",
              "cosine",
              false,
              List.of(raw.faint(), raw.movingAverage(WINDOW)),
              List.of(new Reference("orthogonal", 0))));
    }
    new Plot(title + ": gradients (seed " + trial.seed() + ")", panels, 2).write(png);
  }

  private static double[] column(List<CSVRecord> rows, Predicate<CSVRecord> which, String name) {
    DoubleStream values =
        rows.stream().filter(which).mapToDouble(row -> Double.parseDouble(row.get(name)));
    return values.toArray();
  }
}
