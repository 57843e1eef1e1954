package org.dualoptim.bench.cli;

import java.util.Locale;

/**
 * What one check of the machine found.
 *
 * @param verdict how good it is
 * @param topic one or two words
 * @param text what was found
 * @param advice what to do about it, as a sentence without a final full stop; empty if nothing
 */
record Finding(Verdict verdict, String topic, String text, String advice) {

  /** How good a finding is. */
  enum Verdict {
    OK,
    WARN,
    PROBLEM;

    String inWords() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String topic, String text) {
    return new Finding(Verdict.OK, topic, text, "");
  }

  static Finding warn(String topic, String text, String advice) {
    return new Finding(Verdict.WARN, topic, text, advice);
  }

  static Finding problem(String topic, String text, String advice) {
    return new Finding(Verdict.PROBLEM, topic, text, advice);
  }
}
