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

  /** What progressbar puts around the bar and its count: percentage, edges, both times. */
  private static final int AROUND = "  100% ││ / (0:00:00 / 0:00:00) ".length();

  private static final int SHORTEST_BAR = 10;

  private final PrintStream terminal;
  private final int columns;
  private ProgressBar bar;
  private int noteRoom;

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
    String name =
        title.length() <= columns / 4
            ? title
            : title.substring(0, Math.max(0, columns / 4 - 1)) + "…";
    int count = 2 * Long.toString(total).length();
    noteRoom = columns - 1 - AROUND - SHORTEST_BAR - count - name.length();
    bar =
        new ProgressBarBuilder()
            .setTaskName(name)
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
      bar.setExtraMessage(lastWords(note));
    }
  }

  /** As many words from the end of a note, its number first of all, as leave the bar its room. */
  private String lastWords(String note) {
    String words = " " + note;
    while (words.length() > Math.max(1, noteRoom)) {
      int blank = words.indexOf(' ', 1);
      words = blank < 0 ? "" : words.substring(blank);
    }
    return words;
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
