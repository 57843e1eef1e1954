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
  private ProgressBar bar;

  BarProgress(PrintStream terminal) {
    this.terminal = terminal;
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
            .setConsumer(new ConsoleProgressBarConsumer(terminal))
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
