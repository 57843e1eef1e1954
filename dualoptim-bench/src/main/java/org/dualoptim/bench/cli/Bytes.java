package org.dualoptim.bench.cli;

import java.util.Locale;

/** Amounts of memory as people read them. */
final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Bytes() {}

  /** Three significant digits or so: {@code 512 B}, {@code 1.5 KiB}, {@code 42 MiB}. */
  static String inWords(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1023.5 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String format = unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
