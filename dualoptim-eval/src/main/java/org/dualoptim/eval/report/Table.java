package org.dualoptim.eval.report;

import java.util.List;
import java.util.Objects;

/**
 * A table of results, rendered for four readers: a terminal, Markdown, LaTeX and machines (CSV). A
 * row may carry a note (why it has no numbers, that its run diverged), which is printed beneath the
 * table under a mark; in CSV it is a last column.
 *
 * @param title one line above the table, may be empty
 * @param columns at least one
 * @param rows each with as many cells as there are columns
 */
public record Table(String title, List<Column> columns, List<Row> rows) {
  /** Width of a terminal that tables are fitted to unless told otherwise. */
  public static final int TERMINAL_WIDTH = 110;

  /** Where the cells of a column stand. */
  public enum Align {
    LEFT,
    RIGHT,
    CENTER
  }

  /**
   * A column.
   *
   * @param header its name
   * @param align where its cells stand
   * @param unit shown in brackets after the name, empty for none
   */
  public record Column(String header, Align align, String unit) {
    public Column {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(align, "align");
      Objects.requireNonNull(unit, "unit");
    }

    /** A column of words, aligned left. */
    public static Column text(String header) {
      return new Column(header, Align.LEFT, "");
    }

    /** A column of numbers, aligned right. */
    public static Column number(String header, String unit) {
      return new Column(header, Align.RIGHT, unit);
    }

    String heading() {
      return unit.isEmpty() ? header : header + " (" + unit + ")";
    }
  }

  /**
   * A row.
   *
   * @param cells one for each column
   * @param note a sentence beneath the table, empty for none
   */
  public record Row(List<Cell> cells, String note) {
    public Row {
      cells = List.copyOf(cells);
      Objects.requireNonNull(note, "note");
    }

    /** A row without a note. */
    public static Row of(Cell... cells) {
      return new Row(List.of(cells), "");
    }

    /** This row with a note. */
    public Row noted(String sentence) {
      return new Row(cells, sentence);
    }
  }

  public Table {
    Objects.requireNonNull(title, "title");
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("columns must not be empty");
    }
    for (int r = 0; r < rows.size(); r++) {
      int cells = rows.get(r).cells().size();
      if (cells != columns.size()) {
        throw new IllegalArgumentException(
            "row " + r + " must have " + columns.size() + " cells, got " + cells);
      }
    }
  }

  /** Plain text that fits {@value #TERMINAL_WIDTH} columns. */
  public String toTerminal() {
    return toTerminal(TERMINAL_WIDTH);
  }

  /**
   * Plain text for a terminal of {@code width} columns: a rule above, under the header and below. A
   * table that is too wide is folded into several, each beginning with the first column again; long
   * words in left aligned columns are wrapped. Nothing is ever cut off. Lines end without blanks,
   * the last one with a line feed.
   */
  public String toTerminal(int width) {
    return new TerminalTable(this, width).render();
  }

  /** A GitHub Markdown table, best cells in bold. */
  public String toMarkdown() {
    return new MarkdownTable(this).render();
  }

  /**
   * A LaTeX {@code table} with booktabs rules, best cells in bold, for pdflatex and its successors.
   */
  public String toLatex() {
    return new LatexTable(this).render();
  }

  /**
   * RFC 4180 with line feeds. Numbers have full precision; a column with standard deviations or
   * gaps becomes several ({@code FA (%)}, {@code FA std (%)}, {@code FA gap (%)}); an absent number
   * is an empty field.
   */
  public String toCsv() {
    return new CsvTable(this).render();
  }

  /** The distinct notes in order of appearance: note i is marked [i+1]. */
  List<String> notes() {
    return rows.stream().map(Row::note).filter(n -> !n.isEmpty()).distinct().toList();
  }

  /** The number of a row's note, 0 for none. */
  int mark(Row row) {
    return notes().indexOf(row.note()) + 1;
  }
}
