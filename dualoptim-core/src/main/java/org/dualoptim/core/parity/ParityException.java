package org.dualoptim.core.parity;

/**
 * A parity case cannot be read or lacks what its kind needs; the message is one sentence for the
 * person who made the case.
 */
public final class ParityException extends RuntimeException {

  public ParityException(String message) {
    super(message);
  }

  public ParityException(String message, Throwable cause) {
    super(message, cause);
  }
}
