package org.dualoptim.eval.report;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names of a folder's files after titles: letters and digits of any script in lower case, a hyphen
 * for all between them. No two titles get one name, whatever they have in common.
 */
final class FileNames {
  private static final int MOST_CHARACTERS = 60;

  private final Path folder;
  private final Set<String> taken = new HashSet<>();

  FileNames(Path folder) {
    this.folder = folder;
  }

  /** A name that was not given before: a second one of the same letters ends with {@code -2}. */
  String of(String title) {
    String letters = letters(title, "\\p{L}\\p{M}\\p{N}");
    try {
      folder.resolve(letters);
    } catch (InvalidPathException e) { // the system's encoding has no such letters
      letters = letters(title, "a-z0-9");
    }
    String name = letters;
    for (int n = 2; !taken.add(name); n++) {
      name = letters + "-" + n;
    }
    return name;
  }

  private static String letters(String title, String kept) {
    String text =
        Normalizer.normalize(title, Normalizer.Form.NFC)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^" + kept + "]+", "-");
    int length = Math.min(MOST_CHARACTERS, text.codePointCount(0, text.length()));
    String letters = text.substring(0, text.offsetByCodePoints(0, length)).replaceAll("^-|-$", "");
    return letters.isEmpty() ? "row" : letters;
  }
}
