package org.dualoptim.eval.report;

import java.util.List;
import java.util.stream.Collectors;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;

/** A {@link Table} in GitHub's Markdown. */
final class MarkdownTable {
  private final Table table;

  MarkdownTable(Table table) {
    this.table = table;
  }

  String render() {
    StringBuilder out = new StringBuilder();
    if (!table.title().isEmpty()) {
      out.append("**").append(escaped(table.title())).append("**\n\n");
    }
    line(table.columns().stream().map(c -> escaped(c.heading())).toList(), out);
    line(table.columns().stream().map(MarkdownTable::rule).toList(), out);
    for (Row row : table.rows()) {
      line(cells(row), out);
    }
    List<String> notes = table.notes();
    for (int i = 0; i < notes.size(); i++) {
      out.append("\n<sup>")
          .append(i + 1)
          .append("</sup> ")
          .append(escaped(notes.get(i)))
          .append('\n');
    }
    return out.toString();
  }

  private List<String> cells(Row row) {
    List<String> cells =
        row.cells().stream()
            .map(c -> c.best() ? "**" + escaped(c.text()) + "**" : escaped(c.text()))
            .collect(Collectors.toList());
    int mark = table.mark(row);
    if (mark > 0) {
      cells.set(0, cells.get(0) + "<sup>" + mark + "</sup>");
    }
    return cells;
  }

  private static void line(List<String> cells, StringBuilder out) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String rule(Column column) {
    switch (column.align()) {
      case LEFT:
        return ":--";
      case RIGHT:
        return "--:";
      default:
        return ":-:";
    }
  }

  /** What would start markup becomes itself; underscores within a word start none. */
  private static String escaped(String text) {
    return text.replaceAll("\\s+", " ")
        .replaceAll("([\\\\|*`<\\[\\]])", "\\\\$1")
        .replaceAll("(?<!\\p{Alnum})_|_(?!\\p{Alnum})", "\\\\_");
  }
}
