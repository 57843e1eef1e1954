package org.dualoptim.eval.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;

/** A {@link Table} for machines; {@link Table#toCsv()} says how. */
final class CsvTable {
  private final Table table;

  CsvTable(Table table) {
    this.table = table;
  }

  String render() {
    StringBuilder out = new StringBuilder();
    CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();
    try (CSVPrinter csv = new CSVPrinter(out, format)) {
      csv.printRecord(header());
      for (Row row : table.rows()) {
        csv.printRecord(fields(row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringBuilder throws none
    }
    return out.toString();
  }

  private List<String> header() {
    List<String> header = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      Column column = table.columns().get(c);
      header.add(column.heading());
      if (any(c, Cell::std)) {
        header.add(new Column(column.header() + " std", column.align(), column.unit()).heading());
      }
      if (any(c, Cell::gap)) {
        header.add(new Column(column.header() + " gap", column.align(), column.unit()).heading());
      }
    }
    if (!table.notes().isEmpty()) {
      header.add("note");
    }
    return header;
  }

  private List<String> fields(Row row) {
    List<String> fields = new ArrayList<>();
    for (int c = 0; c < row.cells().size(); c++) {
      Cell cell = row.cells().get(c);
      boolean word = Double.isNaN(cell.value()) && !cell.text().startsWith(Cell.ABSENT);
      fields.add(word ? cell.text() : number(cell.value()));
      if (any(c, Cell::std)) {
        fields.add(number(cell.std()));
      }
      if (any(c, Cell::gap)) {
        fields.add(number(cell.gap()));
      }
    }
    if (!table.notes().isEmpty()) {
      fields.add(row.note());
    }
    return fields;
  }

  private boolean any(int column, ToDoubleFunction<Cell> part) {
    return table.rows().stream()
        .anyMatch(r -> !Double.isNaN(part.applyAsDouble(r.cells().get(column))));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
