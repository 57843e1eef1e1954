package org.dualoptim.core.run;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Progress as log lines, at most one every ten seconds while a task runs. */
final class LogProgress implements Progress {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Logger log;
  private final LongSupplier nanoTime;
  private String title;
  private long total;
  private long began;
  private long told;
  private long done;
  private String note;

  /**
   * @param nanoTime a clock as {@link System#nanoTime()}
   */
  LogProgress(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begin(String title, long total) {
    end();
    this.title = title;
    this.total = total;
    began = nanoTime.getAsLong();
    told = began;
    done = 0;
    note = "";
    log.info("{}{}", title, total > 0 ? ": " + total + " to do" : "");
  }

  @Override
  public void at(long done, String note) {
    if (title == null) {
      return;
    }
    this.done = done;
    this.note = note;
    long now = nanoTime.getAsLong();
    if (now - told >= INTERVAL_NANOS) {
      told = now;
      log.info("{}: {}{}{}", title, count(), remaining(now), suffix());
    }
  }

  @Override
  public void end() {
    if (title != null) {
      long took = nanoTime.getAsLong() - began;
      log.info("{}: {} after {}{}", title, count(), inWords(took), suffix());
      title = null;
    }
  }

  private String count() {
    return total > 0
        ? String.format(Locale.ROOT, "%d of %d (%d %%)", done, total, 100 * done / total)
        : done + " done";
  }

  private String remaining(long now) {
    if (total <= 0 || done <= 0 || done > total) {
      return "";
    }
    double perUnit = (now - began) / (double) done;
    return ", about " + inWords((long) (perUnit * (total - done))) + " left";
  }

  private String suffix() {
    return note.isEmpty() ? "" : ", " + note;
  }

  private static String inWords(long nanos) {
    Duration d = Duration.ofMillis(Math.round(nanos / 1e6));
    if (d.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", d.toMillis() / 1e3);
    }
    if (d.compareTo(Duration.ofHours(1)) < 0) {
      return d.toMinutes() + " min " + d.toSecondsPart() + " s";
    }
    return d.toHours() + " h " + d.toMinutesPart() + " min";
  }
}
