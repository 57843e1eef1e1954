package org.dualoptim.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dualoptim.eval.report.Table.Align;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;
import org.junit.jupiter.api.Test;

class TableTest {

  /** Made-up numbers. */
  private static final Table TABLE =
      new Table(
          "CIFAR-10, 10 % forgotten",
          List.of(
              Column.text("Method"),
              Column.number("FA", "%"),
              Column.number("MIA", "%"),
              Column.number("time", "s")),
          List.of(
              Row.of(
                  Cell.text("Retrain"),
                  Cell.meanStd(94.61, 0.46, 2),
                  Cell.meanStd(74.4, 0.7, 2),
                  Cell.number(1234.5678, 1)),
              Row.of(
                  Cell.text("SFRon & DO_v2"),
                  Cell.meanStd(94.69, 1.13, 2).withGap(0.08, 2).asBest(),
                  Cell.meanStd(101.0 / 3, 2.25, 2).withGap(40.733, 2),
                  Cell.number(-0.04, 1)),
              Row.of(
                      Cell.text("SCRUB"),
                      Cell.absent(),
                      Cell.meanStd(Double.NaN, Double.NaN, 2),
                      Cell.text("n/a"))
                  .noted("diverged at step 12 (forget): loss is NaN")));

  @Test
  void terminalIsAligned() {
    assertThat(TABLE.toTerminal())
        .isEqualTo(
            """
            CIFAR-10, 10 % forgotten
            ───────────────────────────────────────────────────────────────
            Method             FA (%)             MIA (%)          time (s)
            ───────────────────────────────────────────────────────────────
            Retrain        94.61±0.46          74.40±0.70            1234.6
            SFRon & DO_v2  94.69±1.13 (0.08)*  33.67±2.25 (40.73)       0.0
            SCRUB [1]               -                   -               n/a
            ───────────────────────────────────────────────────────────────
            [1] diverged at step 12 (forget): loss is NaN
            * best
            """);
  }

  @Test
  void noLineEndsWithABlank() {
    assertThat(TABLE.toTerminal().lines()).noneMatch(l -> l.endsWith(" "));
    assertThat(TABLE.toTerminal()).endsWith("\n");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndCombiningOnesNone() {
    Table table =
        new Table(
            "",
            List.of(Column.text("a"), Column.text("b")),
            List.of(
                Row.of(Cell.text("忘却"), Cell.text("x")),
                Row.of(Cell.text("e\u0301te"), Cell.text("x")),
                Row.of(Cell.text("abcd"), Cell.text("x"))));
    List<String> lines = table.toTerminal().lines().toList();
    assertThat(lines.get(3)).isEqualTo("忘却  x");
    assertThat(lines.get(4)).isEqualTo("e\u0301te   x");
    assertThat(lines.get(5)).isEqualTo("abcd  x");
  }

  @Test
  void aTableTooWideIsFoldedAndKeepsItsFirstColumn() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("Method")));
    List<Cell> cells = new ArrayList<>(List.of(Cell.text("SFRon")));
    IntStream.range(0, 12)
        .forEach(
            i -> {
              columns.add(Column.number("metric " + i, "%"));
              cells.add(Cell.meanStd(90 + i, 0.5, 2));
            });
    String text = new Table("wide", columns, List.of(new Row(cells, ""))).toTerminal();
    assertThat(text.lines()).allMatch(l -> l.length() <= 110);
    assertThat(text.lines().filter(l -> l.startsWith("SFRon"))).hasSize(2);
    for (int i = 0; i < 12; i++) {
      assertThat(text).contains((90 + i) + ".00±0.50");
    }
  }

  @Test
  void longWordsWrapInsteadOfBeingCut() {
    Table table =
        new Table(
            "",
            List.of(Column.text("check"), Column.text("what to do")),
            List.of(Row.of(Cell.text("data"), Cell.text("unpack ".repeat(20).strip()))));
    assertThat(table.toTerminal(60).lines()).allMatch(l -> l.length() <= 60);
    assertThat(table.toTerminal(60).split("unpack", -1)).hasSize(21);
  }

  @Test
  void sameNotesShareAMark() {
    Row row = Row.of(Cell.text("a")).noted("not run on a GPU");
    Table table =
        new Table(
            "",
            List.of(Column.text("x")),
            List.of(row, Row.of(Cell.text("b")).noted("other"), row));
    assertThat(table.toTerminal())
        .contains("a [1]\nb [2]\na [1]\n")
        .endsWith("[1] not run on a GPU\n[2] other\n");
  }

  @Test
  void centredCellsStandInTheMiddle() {
    Table table =
        new Table(
            "", List.of(new Column("x", Align.CENTER, "")), List.of(Row.of(Cell.text("abcde"))));
    assertThat(table.toTerminal()).contains("\n  x\n").contains("\nabcde\n");
  }

  @Test
  void markdownHasBoldBestAndEscapedPipes() {
    assertThat(TABLE.toMarkdown())
        .isEqualTo(
            """
            **CIFAR-10, 10 % forgotten**

            | Method | FA (%) | MIA (%) | time (s) |
            | :-- | --: | --: | --: |
            | Retrain | 94.61±0.46 | 74.40±0.70 | 1234.6 |
            | SFRon & DO_v2 | **94.69±1.13 (0.08)** | 33.67±2.25 (40.73) | 0.0 |
            | SCRUB<sup>1</sup> | - | - | n/a |

            <sup>1</sup> diverged at step 12 (forget): loss is NaN
            """);
    Table pipes = new Table("", List.of(Column.text("|g|")), List.of(Row.of(Cell.text("a*b _c_"))));
    assertThat(pipes.toMarkdown()).contains("| \\|g\\| |").contains("| a\\*b \\_c\\_ |");
  }

  @Test
  void latexIsBooktabsWithEscapes() {
    assertThat(TABLE.toLatex())
        .isEqualTo(
            """
            % needs \\usepackage{booktabs}
            \\begin{table}[t]
            \\centering
            \\caption{CIFAR-10, 10 \\% forgotten}
            \\begin{tabular}{lrrr}
            \\toprule
            Method & FA (\\%) & MIA (\\%) & time (s) \\\\
            \\midrule
            Retrain & 94.61$\\pm$0.46 & 74.40$\\pm$0.70 & 1234.6 \\\\
            SFRon \\& DO\\_v2 & \\textbf{94.69$\\pm$1.13 (0.08)} & 33.67$\\pm$2.25 (40.73) & 0.0 \\\\
            SCRUB\\textsuperscript{1} & - & - & n/a \\\\
            \\bottomrule
            \\end{tabular}

            \\smallskip{\\footnotesize\\textsuperscript{1} diverged at step 12 (forget): loss is NaN}
            \\end{table}
            """);
  }

  @Test
  void latexWritesMinusSignsAndGreek() {
    Table table =
        new Table(
            "", List.of(Column.number("‖g‖ ↓, λ", "")), List.of(Row.of(Cell.number(-1.5, 1))));
    assertThat(table.toLatex())
        .contains("$\\Vert$g$\\Vert$ $\\downarrow$, $\\lambda$")
        .contains("$-$1.5");
  }

  @Test
  void csvKeepsFullPrecisionAndSplitsMeanStdAndGap() throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().get();
    List<CSVRecord> records = format.parse(new StringReader(TABLE.toCsv())).getRecords();
    assertThat(records.get(0).getParser().getHeaderNames())
        .containsExactly(
            "Method",
            "FA (%)",
            "FA std (%)",
            "FA gap (%)",
            "MIA (%)",
            "MIA std (%)",
            "MIA gap (%)",
            "time (s)",
            "note");
    CSVRecord sfron = records.get(1);
    assertThat(Double.parseDouble(sfron.get("MIA (%)"))).isEqualTo(101.0 / 3);
    assertThat(Double.parseDouble(sfron.get("MIA gap (%)"))).isEqualTo(40.733);
    assertThat(Double.parseDouble(sfron.get("time (s)"))).isEqualTo(-0.04);
    CSVRecord scrub = records.get(2);
    assertThat(scrub.get("FA (%)")).isEmpty();
    assertThat(scrub.get("time (s)")).isEqualTo("n/a");
    assertThat(scrub.get("note")).isEqualTo("diverged at step 12 (forget): loss is NaN");
  }

  @Test
  void csvQuotesCommasAndQuotes() {
    Table table =
        new Table("", List.of(Column.text("a,b")), List.of(Row.of(Cell.text("say \"x\""))));
    assertThat(table.toCsv()).isEqualTo("\"a,b\"\n\"say \"\"x\"\"\"\n");
  }

  @Test
  void aRowOfTheWrongLengthIsRefused() {
    assertThatThrownBy(
            () ->
                new Table(
                    "", List.of(Column.text("a")), List.of(Row.of(Cell.absent(), Cell.absent()))))
        .hasMessage("row 0 must have 1 cells, got 2");
    assertThatThrownBy(() -> new Table("", List.of(), List.of())).hasMessageContaining("columns");
  }

  @Test
  void cellsFormatEveryKindOfNumber() {
    assertThat(Cell.number(Double.NaN, 2).text()).isEqualTo("-");
    assertThat(Cell.number(Double.POSITIVE_INFINITY, 2).text()).isEqualTo("inf");
    assertThat(Cell.number(-0.001, 2).text()).isEqualTo("0.00");
    assertThat(Cell.number(99.5, 0).text()).isEqualTo("100");
    assertThat(Cell.scientific(1.25e-7, 1).text()).isEqualTo("1.3e-07");
    assertThat(Cell.meanStd(1, Double.NaN, 1).text()).isEqualTo("1.0");
    assertThat(Cell.meanStd(1, 0.5, 1).withGap(Double.NaN, 1).text()).isEqualTo("1.0±0.5");
  }
}
