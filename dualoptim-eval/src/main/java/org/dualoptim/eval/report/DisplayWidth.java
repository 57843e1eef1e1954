package org.dualoptim.eval.report;

import java.lang.Character.UnicodeScript;

/**
 * How many terminal columns a text takes: combining marks none, East Asian wide characters and
 * emoji two.
 */
final class DisplayWidth {
  private DisplayWidth() {}

  static int of(String text) {
    return text.codePoints().map(DisplayWidth::of).sum();
  }

  private static int of(int c) {
    switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK:
      case Character.ENCLOSING_MARK:
      case Character.FORMAT:
      case Character.CONTROL:
        return 0;
      default:
        return wide(c) ? 2 : 1;
    }
  }

  private static boolean wide(int c) {
    if (c >= 0xFF61 && c <= 0xFFDC) { // half-width forms of wide scripts
      return false;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.HANGUL
        || (c >= 0x3000 && c <= 0x303E)
        || (c >= 0xFF01 && c <= 0xFF60)
        || (c >= 0x1F300 && c <= 0x1FAFF);
  }
}
