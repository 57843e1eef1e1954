package org.dualoptim.core.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of the known names a mistyped one was probably meant to be. */
public final class Nearest {
  private static final int SHORT = 4;

  private Nearest() {}

  /**
   * Among commands or options: those that are closest, if that is one letter from a name of up to
   * {@value #SHORT} letters, or two from a longer one. Leading dashes do not count as letters.
   */
  public static List<String> words(String typed, Collection<String> known) {
    int letters = typed.replaceFirst("^-+", "").length();
    int most = letters <= 1 ? 0 : letters <= SHORT ? 1 : 2;
    int least = known.stream().mapToInt(name -> distance(typed, name)).min().orElse(most + 1);
    return least > most
        ? List.of()
        : known.stream().filter(name -> distance(typed, name) == least).sorted().toList();
  }

  /** Among names of recipes and of their folders, whose parts are separated by slashes. */
  static Optional<String> name(String typed, Collection<String> known) {
    return of(typed, known, '/');
  }

  /** Among the keys of a recipe, whose parts are separated by dots. */
  static Optional<String> key(String typed, Collection<String> known) {
    return of(typed, known, '.');
  }

  /**
   * The one whose last part is closest by edit distance to the last part of {@code typed}, if at
   * most a third of it differs; of several, one that begins alike, and of these the closest as a
   * whole.
   */
  private static Optional<String> of(String typed, Collection<String> known, char separator) {
    String wanted = lastPart(typed, separator);
    return known.stream()
        .filter(
            name -> distance(wanted, lastPart(name, separator)) <= Math.max(1, wanted.length() / 3))
        .min(
            Comparator.<String>comparingInt(name -> distance(wanted, lastPart(name, separator)))
                .thenComparing(
                    name -> !firstPart(name, separator).equals(firstPart(typed, separator)))
                .thenComparingInt(name -> distance(typed, name)));
  }

  private static String firstPart(String name, char separator) {
    int end = name.indexOf(separator);
    return end < 0 ? name : name.substring(0, end);
  }

  private static String lastPart(String name, char separator) {
    return name.substring(name.lastIndexOf(separator) + 1);
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
