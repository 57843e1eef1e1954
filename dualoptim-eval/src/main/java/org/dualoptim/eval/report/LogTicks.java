package org.dualoptim.eval.report;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.dualoptim.eval.report.Plot.Panel;
import org.dualoptim.eval.report.Plot.Reference;

/**
 * What is written at the ticks of a logarithmic axis: the powers of ten, within two decades also
 * their 2 and 5, so that labels never overlap. Within one decade there may be fewer than two, and a
 * linear axis serves better.
 *
 * @param decades how many powers of ten the data span
 */
record LogTicks(double decades) {

  static LogTicks of(Panel panel) {
    double[] y =
        Stream.concat(
                panel.series().stream().map(s -> s.y()),
                Stream.of(panel.references().stream().mapToDouble(Reference::y).toArray()))
            .flatMapToDouble(DoubleStream::of)
            .filter(v -> PlotDrawing.drawable(v, true))
            .toArray();
    double lowest = Arrays.stream(y).min().orElse(1);
    double highest = Arrays.stream(y).max().orElse(1);
    return new LogTicks(Math.log10(highest / lowest));
  }

  /** Whether the data span less than one power of ten, so that hardly a tick would have a label. */
  boolean tooFew() {
    return decades < 1;
  }

  /** Whether the lines between the powers of ten would be too dense to be of use. */
  boolean crowded() {
    return decades > 4;
  }

  /** The label of a tick at {@code value}, empty where none belongs. */
  String label(double value) {
    double exponent = Math.floor(Math.log10(value) + 1e-9);
    long leading = Math.round(value / Math.pow(10, exponent));
    boolean shown = leading == 1 || (decades < 2 && (leading == 2 || leading == 5));
    if (!shown) {
      return "";
    }
    if (Math.abs(exponent) > 4) {
      return leading + "e" + (long) exponent;
    }
    return BigDecimal.valueOf(leading).scaleByPowerOfTen((int) exponent).toPlainString();
  }
}
