package org.dualoptim.core.run;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which of the known names a mistyped one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /**
   * The name whose last part is closest by edit distance to the last part of {@code typed}, if at
   * most a third of it differs.
   */
  static Optional<String> of(String typed, Collection<String> known) {
    String wanted = lastPart(typed);
    return known.stream()
        .filter(name -> distance(wanted, lastPart(name)) <= Math.max(1, wanted.length() / 3))
        .min(
            Comparator.<String>comparingInt(name -> distance(wanted, lastPart(name)))
                .thenComparingInt(name -> distance(typed, name)));
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Levenshtein's: how many letters to put in, leave out or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
