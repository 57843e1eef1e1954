package org.dualoptim.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualoptim.eval.report.Table.Align;
import org.dualoptim.eval.report.Table.Row;

/** A {@link Table} as plain text; {@link Table#toTerminal(int)} says how. */
final class TerminalTable {
  private static final String GAP = "  ";
  private static final String BEST = "*";

  /** Left aligned columns are wrapped at this share of the terminal's width. */
  private static final double WRAP_SHARE = 0.4;

  private final Table table;
  private final int width;
  private final List<List<List<String>>> grid =
      new ArrayList<>(); // [row][column][line], row 0 the header
  private final int[] widths;

  TerminalTable(Table table, int width) {
    this.table = table;
    this.width = width;
    this.widths = new int[table.columns().size()];
    grid.add(wrapped(headings()));
    for (Row row : table.rows()) {
      grid.add(wrapped(marked(row)));
    }
    for (List<List<String>> row : grid) {
      for (int c = 0; c < widths.length; c++) {
        for (String line : row.get(c)) {
          widths[c] = Math.max(widths[c], DisplayWidth.of(line));
        }
      }
    }
  }

  private List<String> headings() {
    List<String> texts = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      texts.add(flat(table.columns().get(c).heading()) + " ".repeat(tailWidth(c)));
    }
    return texts;
  }

  /**
   * Cell texts, filled up behind so that the numbers before a gap or a star stand under each other.
   */
  private List<String> marked(Row row) {
    List<String> texts = new ArrayList<>();
    for (int c = 0; c < row.cells().size(); c++) {
      Cell cell = row.cells().get(c);
      int mark = c == 0 ? table.mark(row) : 0;
      String text =
          flat(cell.text()) + (mark > 0 ? " [" + mark + "]" : "") + (cell.best() ? BEST : "");
      texts.add(text + " ".repeat(Math.max(0, tailWidth(c) - tail(cell))));
    }
    return texts;
  }

  private int tailWidth(int column) {
    boolean right = table.columns().get(column).align() == Align.RIGHT;
    return right
        ? table.rows().stream().mapToInt(r -> tail(r.cells().get(column))).max().orElse(0)
        : 0;
  }

  /** Width of what follows a cell's number: the gap in brackets and the star. */
  private static int tail(Cell cell) {
    int gap = Double.isNaN(cell.gap()) ? 0 : cell.text().length() - cell.text().lastIndexOf(" (");
    return gap + (cell.best() ? BEST.length() : 0);
  }

  private List<List<String>> wrapped(List<String> texts) {
    List<List<String>> cells = new ArrayList<>();
    for (int c = 0; c < texts.size(); c++) {
      boolean words = table.columns().get(c).align() == Align.LEFT;
      cells.add(words ? wrap(texts.get(c), (int) (width * WRAP_SHARE)) : List.of(texts.get(c)));
    }
    return cells;
  }

  String render() {
    StringBuilder out = new StringBuilder();
    if (!table.title().isEmpty()) {
      wrap(flat(table.title()), width).forEach(line -> out.append(line).append('\n'));
    }
    List<int[]> folds = folds();
    for (int f = 0; f < folds.size(); f++) {
      if (f > 0) {
        out.append('\n');
      }
      renderFold(folds.get(f), out);
    }
    List<String> notes = table.notes();
    for (int i = 0; i < notes.size(); i++) {
      hang("[" + (i + 1) + "] ", notes.get(i), out);
    }
    if (table.rows().stream().flatMap(r -> r.cells().stream()).anyMatch(Cell::best)) {
      out.append(BEST).append(" best\n");
    }
    return out.toString();
  }

  /** The columns of each table that is printed: as many as fit, the first one always in front. */
  private List<int[]> folds() {
    List<int[]> folds = new ArrayList<>();
    List<Integer> now = new ArrayList<>(List.of(0));
    int used = widths[0];
    for (int c = 1; c < widths.length; c++) {
      int needed = GAP.length() + widths[c];
      if (used + needed > width && now.size() > 1) {
        folds.add(now.stream().mapToInt(i -> i).toArray());
        now = new ArrayList<>(List.of(0));
        used = widths[0];
      }
      now.add(c);
      used += needed;
    }
    folds.add(now.stream().mapToInt(i -> i).toArray());
    return folds;
  }

  private void renderFold(int[] columns, StringBuilder out) {
    int total =
        Arrays.stream(columns).map(c -> widths[c]).sum() + GAP.length() * (columns.length - 1);
    String rule = "─".repeat(total) + "\n";
    out.append(rule);
    for (int r = 0; r < grid.size(); r++) {
      renderRow(grid.get(r), columns, out);
      if (r == 0) {
        out.append(rule);
      }
    }
    out.append(rule);
  }

  private void renderRow(List<List<String>> cells, int[] columns, StringBuilder out) {
    int height = Arrays.stream(columns).map(c -> cells.get(c).size()).max().orElse(1);
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns.length; i++) {
        int c = columns[i];
        List<String> lines = cells.get(c);
        text.append(i == 0 ? "" : GAP)
            .append(padded(line < lines.size() ? lines.get(line) : "", c));
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
  }

  private String padded(String text, int column) {
    int blanks = widths[column] - DisplayWidth.of(text);
    switch (table.columns().get(column).align()) {
      case LEFT:
        return text + " ".repeat(blanks);
      case RIGHT:
        return " ".repeat(blanks) + text;
      default:
        return " ".repeat(blanks / 2) + text + " ".repeat(blanks - blanks / 2);
    }
  }

  private void hang(String mark, String note, StringBuilder out) {
    String before = mark;
    for (String line : wrap(flat(note), width - mark.length())) {
      out.append(before).append(line).append('\n');
      before = " ".repeat(mark.length());
    }
  }

  /** Lines of at most {@code limit} columns, broken at blanks; a longer word stays whole. */
  private static List<String> wrap(String text, int limit) {
    if (DisplayWidth.of(text) <= limit) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0
          && DisplayWidth.of(line.toString()) + 1 + DisplayWidth.of(word) > limit) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String flat(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
