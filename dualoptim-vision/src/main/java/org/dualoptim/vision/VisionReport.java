package org.dualoptim.vision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.Trial;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.report.Cell;
import org.dualoptim.eval.report.Table;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;
import org.dualoptim.eval.stats.AverageGap;
import org.dualoptim.eval.stats.Diagnosis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person wants to see of finished trials: the table of FA, RA, TA and MIA, each with its gap
 * to the retrained model, a sentence for every row that strays from it, and the plots of the
 * unlearning process and of gradient norms.
 *
 * <p>Rows are recipes, their trials averaged: trials that differ in nothing but their seed. Each
 * row is compared with the one its own trials name as their reference; such rows come first,
 * without gaps.
 */
final class VisionReport implements Report {
  private static final Logger LOG = LoggerFactory.getLogger(VisionReport.class);

  /** What every row ends with. */
  private static final List<Column> COSTS =
      List.of(Column.number("Train", "s"), Column.number("Memory", "MiB"));

  private static final List<Metric> METRICS = List.of(Metric.FA, Metric.RA, Metric.TA, Metric.MIA);
  private static final int DECIMALS = 2;

  /** All trials of one row. */
  private record Group(String title, List<TrialResult> trials) {

    List<TrialResult> finished() {
      return trials.stream().filter(TrialResult::finished).toList();
    }

    List<Scores> scores() {
      return finished().stream().map(VisionReport::scores).toList();
    }
  }

  /** What trials of one row have in common. */
  private record Identity(String title, JsonNode resolved) {
    static Identity of(TrialResult result) {
      ObjectNode resolved = result.resolved().deepCopy();
      resolved.remove(Trial.LABELS);
      resolved.remove("seed");
      return new Identity(result.title(), resolved);
    }
  }

  private final List<TrialResult> results;
  private final List<Group> groups;

  /**
   * @param results trials with FA (rows) and any others, which are left out unless there are only
   *     such: then each is a row of what was measured
   */
  VisionReport(List<TrialResult> results) {
    this.results = List.copyOf(results);
    Set<String> references = references(results);
    Map<Identity, List<TrialResult>> rows = new LinkedHashMap<>();
    results.stream()
        .filter(result -> !result.finished() || result.metrics().containsKey(Metric.FA.id()))
        .sorted(
            Comparator.comparingInt(result -> references.contains(result.id()) ? 0 : order(result)))
        .forEach(
            result ->
                add(result, rows.computeIfAbsent(Identity.of(result), r -> new ArrayList<>())));
    this.groups = rows.values().stream().map(trials -> group(trials, rows.keySet())).toList();
  }

  /** A trial that stands in several recipes, such as a copy of one, counts once. */
  private static void add(TrialResult result, List<TrialResult> row) {
    boolean there =
        row.stream()
            .anyMatch(
                other ->
                    other.seed() == result.seed()
                        && other.provenance().hash().equals(result.provenance().hash()));
    if (!there) {
      row.add(result);
    }
  }

  /** A row under its title; where another row has the same, the recipe's name tells them apart. */
  private static Group group(List<TrialResult> trials, Set<Identity> rows) {
    TrialResult first = trials.get(0);
    boolean unique = rows.stream().filter(row -> row.title().equals(first.title())).count() == 1;
    return new Group(unique ? first.title() : first.title() + " (" + first.recipe() + ")", trials);
  }

  /** The ids of the trials that some are compared with. */
  private static Set<String> references(List<TrialResult> trials) {
    return trials.stream()
        .map(trial -> trial.parents().get(Domain.REFERENCE))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** What a row is compared with: finished trials of its reference, none if there is none. */
  private List<Scores> reference(Group group) {
    Set<String> references = references(group.trials());
    return groups.stream()
        .filter(other -> other.trials().stream().anyMatch(t -> references.contains(t.id())))
        .findFirst()
        .map(Group::scores)
        .orElse(List.of());
  }

  /** Rows stand in the order of the paper's tables: baselines, then those with DualOptim. */
  private static int order(TrialResult result) {
    List<String> paper = List.of("FT", "GA", "RL", "SCRUB", "SalUn", "SFRon");
    String title = result.title().replace("+DO", "");
    int place = paper.indexOf(title);
    return (result.title().endsWith("+DO") ? 100 : 1) + (place < 0 ? 50 : place);
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
        groups.isEmpty() ? results : groups.stream().flatMap(g -> g.trials().stream()).toList();
    AtomicFiles.writeString(folder.resolve("results.json"), TrialStore.json(shown) + "\n");
    Set<String> references = references(shown);
    FileNames names = new FileNames(folder);
    for (Group group : groups) {
      boolean compared = group.trials().stream().noneMatch(t -> references.contains(t.id()));
      if (compared && !group.finished().isEmpty()) {
        plot(group, names.of(group.title()) + ".png", folder);
      }
    }
  }

  /** A row whose course is lost has no plots, and the others still do. */
  private void plot(Group group, String png, Path folder) {
    try {
      VisionPlots.process(
          group.title(),
          group.finished(),
          means(reference(group)),
          folder.resolve("process-" + png));
      VisionPlots.gradients(
          group.title(), group.finished().get(0), folder.resolve("gradients-" + png));
    } catch (IOException e) {
      LOG.warn("{} has no plots: {}", group.title(), e.getMessage());
    }
  }

  private static Map<Metric, Double> means(List<Scores> scores) {
    Map<Metric, Double> means = new LinkedHashMap<>();
    if (!scores.isEmpty()) {
      AverageGap gap = AverageGap.of(METRICS, scores, scores);
      for (int i = 0; i < METRICS.size(); i++) {
        means.put(METRICS.get(i), gap.method().get(i).mean());
      }
    }
    return means;
  }

  private Table table() {
    return groups.isEmpty() ? tableOfAll() : tableOfRows();
  }

  private Table tableOfRows() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("Method"));
    METRICS.forEach(metric -> columns.add(Column.number(metric.label(), "%")));
    columns.add(Column.number("Gap", ""));
    if (severalTrials()) {
      columns.add(Column.number("Std", ""));
    }
    columns.addAll(COSTS);
    List<Row> rows = groups.stream().map(this::row).toList();
    return new Table(title(), columns, rows);
  }

  /** Where nothing was forgotten, as after pretraining: a row a trial, without a comparison. */
  private Table tableOfAll() {
    List<Metric> measured =
        METRICS.stream()
            .filter(metric -> results.stream().anyMatch(r -> r.metrics().containsKey(metric.id())))
            .toList();
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("Method"));
    measured.forEach(metric -> columns.add(Column.number(metric.label(), "%")));
    columns.addAll(COSTS);
    List<Row> rows = new ArrayList<>();
    for (TrialResult result : results) {
      List<Cell> cells = new ArrayList<>();
      cells.add(Cell.text(result.title() + " (seed " + result.seed() + ")"));
      for (Metric metric : measured) {
        Double value = result.metrics().get(metric.id());
        cells.add(value == null ? Cell.absent() : Cell.number(value, DECIMALS));
      }
      cells.add(Cell.number(result.provenance().trainSeconds(), 1));
      cells.add(Cell.number(result.provenance().peakRssMib(), 0));
      rows.add(new Row(cells, ""));
    }
    String names =
        results.stream().map(TrialResult::recipe).distinct().collect(Collectors.joining(", "));
    return new Table(names + "; nothing was forgotten", columns, rows);
  }

  private int mostTrials() {
    return groups.stream().mapToInt(group -> group.trials().size()).max().orElse(0);
  }

  private boolean severalTrials() {
    return mostTrials() > 1;
  }

  private String title() {
    Set<String> folders = new TreeSet<>();
    for (Group group : groups) {
      String name = group.trials().get(0).recipe();
      folders.add(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : name);
    }
    int trials = mostTrials();
    return String.join(", ", folders)
        + ", "
        + trials
        + (trials == 1 ? " trial" : " trials")
        + "; in brackets the distance from retraining (RT)";
  }

  private Row row(Group group) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.text(group.title()));
    List<Scores> scores = group.scores();
    List<Scores> reference = reference(group);
    boolean measured = !scores.isEmpty();
    boolean compared = measured && !reference.isEmpty();
    AverageGap gap =
        measured ? AverageGap.of(METRICS, scores, compared ? reference : scores) : null;
    boolean several = scores.size() > 1;
    for (int i = 0; i < METRICS.size(); i++) {
      if (!measured) {
        cells.add(Cell.absent());
        continue;
      }
      double mean = gap.method().get(i).mean();
      Cell cell =
          several
              ? Cell.meanStd(mean, gap.method().get(i).std(), DECIMALS)
              : Cell.number(mean, DECIMALS);
      cells.add(
          compared ? cell.withGap(Math.abs(mean - gap.retrained().get(i).mean()), DECIMALS) : cell);
    }
    cells.add(compared ? Cell.number(gap.gap(), DECIMALS) : Cell.absent());
    if (severalTrials()) {
      cells.add(several ? Cell.number(gap.averageStd(), DECIMALS) : Cell.absent());
    }
    cells.add(
        Cell.number(
            group.finished().stream()
                .mapToDouble(t -> t.provenance().trainSeconds())
                .average()
                .orElse(Double.NaN),
            1));
    cells.add(
        Cell.number(
            group.trials().stream()
                .filter(trial -> trial.finished() || trial.diverged())
                .mapToDouble(trial -> trial.provenance().peakRssMib())
                .max()
                .orElse(Double.NaN),
            0));
    return new Row(cells, note(group, reference));
  }

  private static String note(Group group, List<Scores> reference) {
    for (TrialResult trial : group.trials()) {
      if (!trial.finished()) {
        return "seed " + trial.seed() + " " + trial.note();
      }
    }
    if (reference.isEmpty()) {
      return "";
    }
    Diagnosis diagnosis = Diagnosis.of(new Scores(means(group.scores())), reference);
    return diagnosis.verdict() == Diagnosis.Verdict.LIKE_RETRAINED ? "" : diagnosis.sentence();
  }

  private static Scores scores(TrialResult result) {
    Scores scores = Scores.of(METRICS.get(0), result.metrics().get(METRICS.get(0).id()));
    for (Metric metric : METRICS.subList(1, METRICS.size())) {
      scores = scores.and(metric, result.metrics().get(metric.id()));
    }
    return scores;
  }
}
