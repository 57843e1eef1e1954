package org.dualoptim.eval.metric;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The Porter stemmer as NLTK extends it, which is the one that rouge_score, and so every published
 * ROUGE of TOFU, uses.
 *
 * <p>Algorithm: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. NLTK's
 * extensions to it: a few irregular words; "ies" and "ied" keep "ie" in words of four letters
 * ("dies"); "ied" becomes "i"; y becomes i after any consonant that is not the first letter
 * ("happy" but also "spy", not "enjoy"); "bli", "logi", "fulli" and the way back from "alli" to a
 * second suffix of step 2; two letters, vowel first, count as a short syllable ("owed" gives
 * "owe").
 *
 * <p>Not OpenNLP's stemmer: it implements Porter's own later revision, and the extensions sit
 * inside its private steps, where nothing outside can mend them.
 */
final class PorterStemmer {

  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("skies", "sky"),
          Map.entry("sky", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  /** The first rule whose suffix fits decides, whether or not its condition on the stem holds. */
  private record Rule(String suffix, String replacement, Predicate<String> condition) {

    String stem(String word) {
      return word.substring(0, word.length() - suffix.length());
    }

    static String apply(List<Rule> rules, String word) {
      for (Rule rule : rules) {
        if (word.endsWith(rule.suffix)) {
          String stem = rule.stem(word);
          return rule.condition.test(stem) ? stem + rule.replacement : word;
        }
      }
      return word;
    }
  }

  private static final Predicate<String> ALWAYS = stem -> true;
  private static final Predicate<String> LONG = stem -> measure(stem) > 0;
  private static final Predicate<String> VERY_LONG = stem -> measure(stem) > 1;

  private static final List<Rule> PLURALS =
      List.of(
          new Rule("sses", "ss", ALWAYS),
          new Rule("ies", "i", ALWAYS),
          new Rule("ss", "ss", ALWAYS),
          new Rule("s", "", ALWAYS));

  private static final List<Rule> DOUBLE_SUFFIXES =
      List.of(
          new Rule("ational", "ate", LONG),
          new Rule("tional", "tion", LONG),
          new Rule("enci", "ence", LONG),
          new Rule("anci", "ance", LONG),
          new Rule("izer", "ize", LONG),
          new Rule("bli", "ble", LONG),
          new Rule("alli", "al", LONG),
          new Rule("entli", "ent", LONG),
          new Rule("eli", "e", LONG),
          new Rule("ousli", "ous", LONG),
          new Rule("ization", "ize", LONG),
          new Rule("ation", "ate", LONG),
          new Rule("ator", "ate", LONG),
          new Rule("alism", "al", LONG),
          new Rule("iveness", "ive", LONG),
          new Rule("fulness", "ful", LONG),
          new Rule("ousness", "ous", LONG),
          new Rule("aliti", "al", LONG),
          new Rule("iviti", "ive", LONG),
          new Rule("biliti", "ble", LONG),
          new Rule("fulli", "ful", LONG),
          new Rule("logi", "log", stem -> LONG.test(stem + "l")));

  private static final List<Rule> NOUN_SUFFIXES =
      List.of(
          new Rule("icate", "ic", LONG),
          new Rule("ative", "", LONG),
          new Rule("alize", "al", LONG),
          new Rule("iciti", "ic", LONG),
          new Rule("ical", "ic", LONG),
          new Rule("ful", "", LONG),
          new Rule("ness", "", LONG));

  private static final List<Rule> LAST_SUFFIXES =
      List.of(
          new Rule("al", "", VERY_LONG),
          new Rule("ance", "", VERY_LONG),
          new Rule("ence", "", VERY_LONG),
          new Rule("er", "", VERY_LONG),
          new Rule("ic", "", VERY_LONG),
          new Rule("able", "", VERY_LONG),
          new Rule("ible", "", VERY_LONG),
          new Rule("ant", "", VERY_LONG),
          new Rule("ement", "", VERY_LONG),
          new Rule("ment", "", VERY_LONG),
          new Rule("ent", "", VERY_LONG),
          new Rule("ion", "", VERY_LONG.and(stem -> stem.endsWith("s") || stem.endsWith("t"))),
          new Rule("ou", "", VERY_LONG),
          new Rule("ism", "", VERY_LONG),
          new Rule("ate", "", VERY_LONG),
          new Rule("iti", "", VERY_LONG),
          new Rule("ous", "", VERY_LONG),
          new Rule("ive", "", VERY_LONG),
          new Rule("ize", "", VERY_LONG));

  private PorterStemmer() {}

  /**
   * The stem of a word.
   *
   * @param word lower case letters and digits (digits count as consonants)
   */
  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null) {
      return irregular;
    }
    if (word.length() <= 2) {
      return word;
    }
    String stem = finalY(pastAndProgressive(plural(word)));
    stem = Rule.apply(NOUN_SUFFIXES, doubleSuffix(stem));
    stem = Rule.apply(LAST_SUFFIXES, stem);
    return finalDoubleL(finalE(stem));
  }

  /** Step 1a. */
  private static String plural(String word) {
    if (word.length() == 4 && word.endsWith("ies")) {
      return word.substring(0, 3);
    }
    return Rule.apply(PLURALS, word);
  }

  /** Step 1b. */
  private static String pastAndProgressive(String word) {
    if (word.endsWith("ied")) {
      return word.substring(0, word.length() - (word.length() == 4 ? 1 : 2));
    }
    if (word.endsWith("eed")) {
      return measure(word.substring(0, word.length() - 3)) > 0
          ? word.substring(0, word.length() - 1)
          : word;
    }
    int suffix = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
    String stem = word.substring(0, word.length() - suffix);
    if (suffix == 0 || !containsVowel(stem)) {
      return word;
    }
    if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
      return stem + "e";
    }
    if (endsInDoubleConsonant(stem)) {
      return "lsz".indexOf(stem.charAt(stem.length() - 1)) >= 0
          ? stem
          : stem.substring(0, stem.length() - 1);
    }
    return measure(stem) == 1 && endsInShortSyllable(stem) ? stem + "e" : stem;
  }

  /** Step 1c. */
  private static String finalY(String word) {
    int y = word.length() - 1;
    return y > 1 && word.charAt(y) == 'y' && isConsonant(word, y - 1)
        ? word.substring(0, y) + "i"
        : word;
  }

  /** Step 2. */
  private static String doubleSuffix(String word) {
    if (word.endsWith("alli") && measure(word.substring(0, word.length() - 4)) > 0) {
      return doubleSuffix(word.substring(0, word.length() - 2));
    }
    return Rule.apply(DOUBLE_SUFFIXES, word);
  }

  /** Step 5a. */
  private static String finalE(String word) {
    if (!word.endsWith("e")) {
      return word;
    }
    String stem = word.substring(0, word.length() - 1);
    int measure = measure(stem);
    return measure > 1 || measure == 1 && !endsInShortSyllable(stem) ? stem : word;
  }

  /** Step 5b. */
  private static String finalDoubleL(String word) {
    String stem = word.substring(0, word.length() - 1);
    return word.endsWith("ll") && measure(stem) > 1 ? stem : word;
  }

  /** A consonant is not a, e, i, o, u, nor a y that follows a consonant. */
  private static boolean isConsonant(String word, int i) {
    return switch (word.charAt(i)) {
      case 'a', 'e', 'i', 'o', 'u' -> false;
      case 'y' -> i == 0 || !isConsonant(word, i - 1);
      default -> true;
    };
  }

  /** Porter's m: how often a consonant follows a vowel. */
  private static int measure(String stem) {
    int measure = 0;
    for (int i = 1; i < stem.length(); i++) {
      if (isConsonant(stem, i) && !isConsonant(stem, i - 1)) {
        measure++;
      }
    }
    return measure;
  }

  private static boolean containsVowel(String stem) {
    for (int i = 0; i < stem.length(); i++) {
      if (!isConsonant(stem, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsInDoubleConsonant(String word) {
    int last = word.length() - 1;
    return last > 0 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
  }

  /** Consonant, vowel, consonant other than w, x, y; or a word of just vowel and consonant. */
  private static boolean endsInShortSyllable(String word) {
    int last = word.length() - 1;
    if (last == 1) {
      return !isConsonant(word, 0) && isConsonant(word, 1);
    }
    return last > 1
        && isConsonant(word, last - 2)
        && !isConsonant(word, last - 1)
        && isConsonant(word, last)
        && "wxy".indexOf(word.charAt(last)) < 0;
  }
}
