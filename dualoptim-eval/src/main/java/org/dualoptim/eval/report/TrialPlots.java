package org.dualoptim.eval.report;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
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
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dualoptim.core.run.ProcessFile;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.report.Plot.Panel;
import org.dualoptim.eval.report.Plot.Reference;
import org.dualoptim.eval.report.Plot.Series;
import org.dualoptim.eval.stats.Summary;

/**
 * Plots of trials: the unlearning process (figures 1, 2, 5 and 6 of the paper), gradient norms and
 * their cosine (figures 3 and 4).
 */
final class TrialPlots {
  /** Window of the moving average of cosines; the paper does not state its own. */
  private static final int WINDOW = 9;

  private static final int BLOCKS = 3;

  private TrialPlots() {}

  /** Fewer than so many points make no line. */
  private static final int LEAST_POINTS = 2;

  /**
   * Metrics against progress, mean and standard deviation over the trials, the reference dashed: a
   * panel for each of the form's metrics that was measured along the run. No picture if that was at
   * one point only.
   */
  static void process(TrialRow row, ReportForm form, Path png) throws IOException {
    List<SortedMap<Integer, Map<String, Double>>> runs = runs(row.finished());
    if (runs.get(0).size() < LEAST_POINTS) {
      return;
    }
    List<Panel> panels = new ArrayList<>();
    for (Metric metric : along(runs, form)) {
      List<Reference> references =
          form.compared().contains(metric) && !row.reference().isEmpty()
              ? List.of(new Reference(form.reference(), row.referenceSummary(metric).mean()))
              : List.of();
      List<Series> series = List.of(series(row.title(), metric, runs));
      panels.add(new Panel(metric.label(), "step", metric.header(), false, series, references));
    }
    if (panels.isEmpty()) {
      return;
    }
    String spread = runs.size() > 1 ? " (mean and std of " + runs.size() + " trials)" : "";
    new Plot(row.title() + ": the unlearning process" + spread, panels, panels.size() == 3 ? 3 : 2)
        .write(png);
  }

  private static List<SortedMap<Integer, Map<String, Double>>> runs(List<TrialResult> trials)
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
    return runs;
  }

  private static List<Metric> along(
      List<SortedMap<Integer, Map<String, Double>>> runs, ReportForm form) {
    return form.metrics().stream()
        .filter(
            metric ->
                runs.stream()
                    .flatMap(run -> run.values().stream())
                    .allMatch(values -> values.containsKey(metric.id())))
        .toList();
  }

  private static Series series(
      String title, Metric metric, List<SortedMap<Integer, Map<String, Double>>> runs) {
    double[] steps = runs.get(0).keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    double[] mean = new double[steps.length];
    double[] std = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      int step = (int) steps[i];
      Summary summary =
          Summary.of(runs.stream().mapToDouble(run -> run.get(step).get(metric.id())).toArray());
      mean[i] = summary.mean();
      std[i] = summary.std();
    }
    return runs.size() > 1 ? Series.band(title, steps, mean, std) : Series.line(title, steps, mean);
  }

  /**
   * Norms of the gradients as the optimizer received them, and their cosine where a run took it. No
   * picture of a run of one step.
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
      if (rows.size() >= LEAST_POINTS) {
        gradients(title, trial, rows, png);
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is missing", e);
    } catch (CharacterCodingException | UncheckedIOException | IllegalArgumentException e) {
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
            inBlocks(objective, column(rows, own, "step"), column(rows, own, "applied_norm")));
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

  /**
   * A line that is not drawn across the steps of others: with a hole where one step follows the one
   * before at more than {@value #BLOCKS} times the smallest distance, as between passes.
   */
  private static Series inBlocks(String name, double[] steps, double[] values) {
    double smallest =
        IntStream.range(1, steps.length).mapToDouble(i -> steps[i] - steps[i - 1]).min().orElse(1);
    DoubleStream.Builder x = DoubleStream.builder();
    DoubleStream.Builder y = DoubleStream.builder();
    for (int i = 0; i < steps.length; i++) {
      if (i > 0 && steps[i] - steps[i - 1] > BLOCKS * smallest) {
        x.add((steps[i] + steps[i - 1]) / 2);
        y.add(Double.NaN);
      }
      x.add(steps[i]);
      y.add(values[i]);
    }
    return Series.line(name, x.build().toArray(), y.build().toArray());
  }

  private static double[] column(List<CSVRecord> rows, Predicate<CSVRecord> which, String name) {
    DoubleStream values =
        rows.stream().filter(which).mapToDouble(row -> Double.parseDouble(row.get(name)));
    return values.toArray();
  }
}
