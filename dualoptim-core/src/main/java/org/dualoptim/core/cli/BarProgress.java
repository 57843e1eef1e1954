package org.dualoptim.core.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.dualoptim.core.run.Progress;

/** A bar on a terminal, redrawn four times a second by progressbar's own daemon thread. */
final class BarProgress implements Progress {
  private static final int REDRAW_MILLIS = 250;

  private final PrintStream terminal;
  private final int columns;
  private ProgressBar bar;

  /**
   * @param columns how wide the terminal is; progressbar would ask JLine, which takes the signal
   *     handlers for itself, so that Ctrl-C ended the process without a checkpoint
   */
  BarProgress(PrintStream terminal, int columns) {
    this.terminal = terminal;
    this.columns = columns;
  }

  @Override
  public void begin(String title, long total) {
    end();
    bar =
        new ProgressBarBuilder()
            .setTaskName(title)
            .setInitialMax(total > 0 ? total : -1)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setStyle(style())
            .setConsumer(new ConsoleProgressBarConsumer(terminal, columns - 1))
            .build();
  }

  private static ProgressBarStyle style() {
    boolean blocks = Charset.defaultCharset().newEncoder().canEncode('█');
    return blocks ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII;
  }

  @Override
  public void at(long done, String note) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(note.isEmpty() ? "" : " " + note);
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
