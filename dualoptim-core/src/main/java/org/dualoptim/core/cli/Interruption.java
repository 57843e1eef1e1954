package org.dualoptim.core.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C as a question that runs ask after every step. The shutdown hook that a main installs
 * raises the flag and then waits until the main has written its checkpoint.
 */
public final class Interruption {
  /** A step and a checkpoint take longer than most people's patience, but not this long. */
  private static final long PATIENCE_SECONDS = 120;

  private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

  private volatile boolean requested;
  private final Thread hook = new Thread(this::requestAndWait, "interruption");
  private final CountDownLatch done = new CountDownLatch(1);

  /** Whether the run shall stop at the next step. */
  public boolean requested() {
    return requested;
  }

  /**
   * Lets SIGINT and SIGTERM end the main through {@link #requested}; called once, by the command
   * that asks.
   */
  public void install() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Ends what {@link #install} began: the run is over. A main that is being interrupted still gets
   * the time to say so.
   */
  public void uninstall() {
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        LOG.debug("interrupted just when the run was over", e);
      }
    }
  }

  /**
   * Ends the JVM with a command's exit code, or lets it go on ending if it was interrupted; a
   * main's last call.
   */
  public void exit(int code) {
    done.countDown();
    if (!requested) {
      System.exit(code);
    }
  }

  private void requestAndWait() {
    requested = true;
    LOG.info("stopping after this step or batch");
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
