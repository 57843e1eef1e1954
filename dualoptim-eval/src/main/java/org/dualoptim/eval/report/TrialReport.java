package org.dualoptim.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;
import org.dualoptim.eval.stats.AverageGap;
import org.dualoptim.eval.stats.Knobs;
import org.dualoptim.eval.stats.Summary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person wants to see of finished trials of any domain: a table of its metrics, with the
 * distance from a reference where rows have one, a sentence for every row that needs one, and plots
 * of the run and of its gradients.
 *
 * <p>Rows are recipes, their trials averaged: trials that differ in nothing but their seed. Each
 * row is compared with the one its own trials name as their reference; such rows come first,
 * without gaps.
 */
public final class TrialReport implements Report {
  private static final Logger LOG = LoggerFactory.getLogger(TrialReport.class);

  /** What every row ends with. */
  private static final List<Column> COSTS =
      List.of(Column.number("Train", "s"), Column.number("Memory", "MiB"));

  private final List<TrialResult> results;
  private final ReportForm form;
  private final List<TrialRow> rows;

  /**
   * @param results trials with all of the form's metrics (rows) and any others, which are left out
   *     unless there are only such: then each is a row of what was measured
   */
  public TrialReport(List<TrialResult> results, ReportForm form) {
    this.results = List.copyOf(results);
    this.form = form;
    this.rows = TrialRows.of(results, form);
  }

  @Override
  public String table(OptionalInt columns) {
    return table().toTerminal(columns.orElse(Table.TERMINAL_WIDTH));
  }

  /** {@code table.{txt,md,tex,csv}}, {@code results.json} and the plots. */
  @Override
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Table table = table();
    AtomicFiles.writeString(folder.resolve("table.md"), table.toMarkdown());
    AtomicFiles.writeString(folder.resolve("table.tex"), table.toLatex());
    AtomicFiles.writeString(folder.resolve("table.csv"), table.toCsv());
    AtomicFiles.writeString(folder.resolve("table.txt"), table.toTerminal());
    List<TrialResult> shown =
        rows.isEmpty() ? results : rows.stream().flatMap(row -> row.trials().stream()).toList();
    AtomicFiles.writeString(folder.resolve("results.json"), TrialStore.json(shown) + "\n");
    Set<String> references = TrialRows.references(shown);
    FileNames names = new FileNames(folder);
    for (TrialRow row : rows) {
      boolean reference = row.trials().stream().anyMatch(t -> references.contains(t.id()));
      if (!reference && !row.scores().isEmpty()) {
        String png = names.of(row.title()) + ".png";
        draw(row, () -> TrialPlots.process(row, form, folder.resolve("process-" + png)));
        TrialResult first = row.finished().get(0);
        draw(
            row,
            () -> TrialPlots.gradients(row.title(), first, folder.resolve("gradients-" + png)));
      }
    }
  }

  /** Draws a plot. */
  private interface Drawing {
    void run() throws IOException;
  }

  /** What is lost costs a row the plot that needs it, and nothing else. */
  private static void draw(TrialRow row, Drawing drawing) {
    try {
      drawing.run();
    } catch (IOException e) {
      LOG.warn("{} lacks a plot: {}", row.title(), e.getMessage());
    }
  }

  private Table table() {
    return rows.isEmpty() ? tableOfAll() : tableOfRows();
  }

  private Table tableOfRows() {
    List<Column> columns = columns(form.metrics());
    if (!form.compared().isEmpty()) {
      columns.add(Column.number("Gap", ""));
      if (mostTrials() > 1) {
        columns.add(Column.number("Std", ""));
      }
    }
    columns.addAll(COSTS);
    return new Table(title(), columns, rows.stream().map(this::row).toList());
  }

  private static List<Column> columns(List<Metric> metrics) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("Method"));
    metrics.forEach(metric -> columns.add(Column.number(metric.label(), metric.unit())));
    return columns;
  }

  /** Where nothing was forgotten, as after pretraining: a row a trial, without a comparison. */
  private Table tableOfAll() {
    List<Metric> measured =
        form.metrics().stream()
            .filter(metric -> results.stream().anyMatch(r -> r.metrics().containsKey(metric.id())))
            .toList();
    List<Column> columns = columns(measured);
    columns.addAll(COSTS);
    String names =
        results.stream().map(TrialResult::recipe).distinct().collect(Collectors.joining(", "));
    return new Table(
        names + "; nothing was forgotten",
        columns,
        results.stream().map(result -> rowOfOne(result, measured)).toList());
  }

  private Row rowOfOne(TrialResult result, List<Metric> measured) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.text(result.title() + " (seed " + result.seed() + ")"));
    for (Metric metric : measured) {
      Double value = result.metrics().get(metric.id());
      cells.add(value == null ? Cell.absent() : Cell.number(value, form.decimals()));
    }
    cells.add(Cell.number(result.provenance().trainSeconds(), 1));
    cells.add(Cell.number(result.provenance().peakRssMib(), 0));
    return new Row(cells, "");
  }

  private int mostTrials() {
    return rows.stream().mapToInt(row -> row.trials().size()).max().orElse(0);
  }

  private String title() {
    Set<String> folders = new TreeSet<>();
    for (TrialRow row : rows) {
      String name = row.trials().get(0).recipe();
      folders.add(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : name);
    }
    return String.join(", ", folders)
        + ", "
        + trials()
        + (form.compared().isEmpty() ? "" : "; in brackets the distance from " + form.reference());
  }

  /** How many trials the numbers of a row are made of. */
  private String trials() {
    IntSummaryStatistics finished =
        rows.stream().mapToInt(row -> row.scores().size()).summaryStatistics();
    int most = finished.getMax();
    String count = finished.getMin() == most ? "" : finished.getMin() + " to ";
    return count + most + (most == 1 ? " trial" : " trials");
  }

  private Row row(TrialRow row) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.text(row.title()));
    form.metrics().forEach(metric -> cells.add(cell(row, metric)));
    if (!form.compared().isEmpty()) {
      cells.addAll(gap(row));
    }
    cells.addAll(costs(row));
    return new Row(cells, note(row));
  }

  private Cell cell(TrialRow row, Metric metric) {
    if (row.scores().isEmpty()) {
      return Cell.absent();
    }
    Summary own = row.summary(metric);
    Cell cell =
        own.n() > 1
            ? Cell.meanStd(own.mean(), own.std(), form.decimals())
            : Cell.number(own.mean(), form.decimals());
    return form.compared().contains(metric) && !row.reference().isEmpty()
        ? cell.withGap(Math.abs(own.mean() - row.referenceSummary(metric).mean()), form.decimals())
        : cell;
  }

  /** The mean distance from the reference and, with several trials, the mean std. */
  private List<Cell> gap(TrialRow row) {
    List<Cell> cells = new ArrayList<>();
    boolean compared = !row.scores().isEmpty() && !row.reference().isEmpty();
    cells.add(
        compared
            ? Cell.number(
                AverageGap.of(form.compared(), row.scores(), row.reference()).gap(),
                form.decimals())
            : Cell.absent());
    if (mostTrials() > 1) {
      cells.add(
          row.scores().size() > 1
              ? Cell.number(
                  AverageGap.of(form.compared(), row.scores(), row.scores()).averageStd(),
                  form.decimals())
              : Cell.absent());
    }
    return cells;
  }

  /** The mean training time of what finished, and the largest memory of what ran. */
  private static List<Cell> costs(TrialRow row) {
    double seconds =
        row.finished().stream()
            .mapToDouble(trial -> trial.provenance().trainSeconds())
            .average()
            .orElse(Double.NaN);
    double memory =
        row.trials().stream()
            .filter(trial -> trial.finished() || trial.diverged())
            .mapToDouble(trial -> trial.provenance().peakRssMib())
            .max()
            .orElse(Double.NaN);
    return List.of(Cell.number(seconds, 1), Cell.number(memory, 0));
  }

  private String note(TrialRow row) {
    int finished = row.finished().size();
    int all = row.trials().size();
    if (finished == all) {
      return form.words().apply(row);
    }
    String count = all == 1 ? "" : finished + " of " + all + " trials finished: ";
    boolean diverged = row.trials().stream().anyMatch(TrialResult::diverged);
    String advice = diverged ? ". " + Knobs.of(row.resolved()).calmer() : "";
    return count + unfinished(row) + advice;
  }

  /** Every reason once, with the seeds that share it. */
  private static String unfinished(TrialRow row) {
    Map<String, List<String>> seeds = new LinkedHashMap<>();
    for (TrialResult trial : row.trials()) {
      if (!trial.finished()) {
        String why = trial.note() == null ? trial.status() : trial.note();
        seeds.computeIfAbsent(why, w -> new ArrayList<>()).add(Long.toString(trial.seed()));
      }
    }
    return seeds.entrySet().stream()
        .map(
            each ->
                (each.getValue().size() == 1 ? "seed " : "seeds ")
                    + String.join(", ", each.getValue())
                    + " "
                    + each.getKey())
        .collect(Collectors.joining("; "));
  }
}
