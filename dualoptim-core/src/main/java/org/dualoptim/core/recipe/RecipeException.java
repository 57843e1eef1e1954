package org.dualoptim.core.recipe;

/**
 * A recipe, or an override of one, that cannot be run as written. The message is one sentence that
 * names the file and the dotted path of the offending key; commands end with exit code 2.
 */
public class RecipeException extends RuntimeException {

  /** The sentence, for example {@code salun.toml: method.ratio must be in (0, 1], got 1.5}. */
  public RecipeException(String message) {
    super(message);
  }

  /** The sentence, with the parser's or validator's own exception kept for {@code --stacktrace}. */
  public RecipeException(String message, Throwable cause) {
    super(message, cause);
  }
}
