package org.dualoptim.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;

/** A {@link Table} in LaTeX with booktabs. */
final class LatexTable {
  private static final Map<Integer, String> ESCAPES =
      Map.ofEntries(
          escape("\\", "\\textbackslash{}"),
          escape("&", "\\&"),
          escape("%", "\\%"),
          escape("$", "\\$"),
          escape("#", "\\#"),
          escape("_", "\\_"),
          escape("{", "\\{"),
          escape("}", "\\}"),
          escape("~", "\\textasciitilde{}"),
          escape("^", "\\textasciicircum{}"),
          escape("<", "$<$"),
          escape(">", "$>$"),
          escape("|", "$|$"),
          escape("±", "$\\pm$"),
          escape("×", "$\\times$"),
          escape("·", "$\\cdot$"),
          escape("−", "$-$"),
          escape("≤", "$\\leq$"),
          escape("≥", "$\\geq$"),
          escape("≈", "$\\approx$"),
          escape("∞", "$\\infty$"),
          escape("‖", "$\\Vert$"),
          escape("∇", "$\\nabla$"),
          escape("↑", "$\\uparrow$"),
          escape("↓", "$\\downarrow$"),
          escape("→", "$\\rightarrow$"),
          escape("Δ", "$\\Delta$"),
          escape("α", "$\\alpha$"),
          escape("β", "$\\beta$"),
          escape("γ", "$\\gamma$"),
          escape("δ", "$\\delta$"),
          escape("ε", "$\\epsilon$"),
          escape("η", "$\\eta$"),
          escape("λ", "$\\lambda$"),
          escape("μ", "$\\mu$"),
          escape("ρ", "$\\rho$"),
          escape("σ", "$\\sigma$"),
          escape("τ", "$\\tau$"));

  private final Table table;

  LatexTable(Table table) {
    this.table = table;
  }

  String render() {
    StringBuilder out = new StringBuilder("% needs \\usepackage{booktabs}\n");
    out.append("\\begin{table}[t]\n\\centering\n");
    if (!table.title().isEmpty()) {
      out.append("\\caption{").append(escaped(table.title())).append("}\n");
    }
    out.append("\\begin{tabular}{")
        .append(table.columns().stream().map(LatexTable::letter).collect(Collectors.joining()))
        .append("}\n\\toprule\n");
    line(table.columns().stream().map(c -> escaped(c.heading())).toList(), out);
    out.append("\\midrule\n");
    for (Row row : table.rows()) {
      line(cells(row), out);
    }
    out.append("\\bottomrule\n\\end{tabular}\n");
    List<String> notes = table.notes();
    for (int i = 0; i < notes.size(); i++) {
      out.append("\n\\smallskip{\\footnotesize\\textsuperscript{")
          .append(i + 1)
          .append("} ")
          .append(escaped(notes.get(i)))
          .append("}\n");
    }
    return out.append("\\end{table}\n").toString();
  }

  private List<String> cells(Row row) {
    List<String> cells = new ArrayList<>();
    for (Cell cell : row.cells()) {
      String text = escaped(cell.text());
      if (Double.isFinite(cell.value()) && text.startsWith("-")) {
        text = "$-$" + text.substring(1); // a minus, not a hyphen
      }
      cells.add(cell.best() ? "\\textbf{" + text + "}" : text);
    }
    int mark = table.mark(row);
    if (mark > 0) {
      cells.set(0, cells.get(0) + "\\textsuperscript{" + mark + "}");
    }
    return cells;
  }

  private static void line(List<String> cells, StringBuilder out) {
    String line = String.join(" & ", cells);
    out.append(line.startsWith("[") ? "{}" + line : line).append(" \\\\\n");
  }

  private static String letter(Column column) {
    return column.align().name().substring(0, 1).toLowerCase(java.util.Locale.ROOT);
  }

  private static Map.Entry<Integer, String> escape(String character, String latex) {
    return Map.entry(character.codePointAt(0), latex);
  }

  private static String escaped(String text) {
    return text.replaceAll("\\s+", " ")
        .codePoints()
        .mapToObj(c -> ESCAPES.getOrDefault(c, Character.toString(c)))
        .collect(Collectors.joining());
  }
}
