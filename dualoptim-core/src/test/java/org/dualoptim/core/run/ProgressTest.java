package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final AtomicLong clock = new AtomicLong();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Progress progress = new LogProgress(logger(), clock::get);

  private Logger logger() {
    LoggerContext context = new LoggerContext();
    lines.setContext(context);
    lines.start();
    Logger logger = context.getLogger("progress");
    logger.addAppender(lines);
    return logger;
  }

  private void wait(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private List<String> logged() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aLineComesAtMostEveryTenSeconds() {
    progress.begin("sfron", 300);
    for (int step = 1; step <= 60; step++) {
      wait(1);
      progress.at(step, "loss 0.50");
    }
    assertThat(logged()).hasSize(1 + 6);
    assertThat(logged().get(0)).isEqualTo("sfron: 300 to do");
    assertThat(logged().get(1))
        .isEqualTo("sfron: 10 of 300 (3 %), about 4 min 50 s left, loss 0.50");
  }

  @Test
  void theEndSaysHowFarItCameAndHowLongItTook() {
    progress.begin("sfron", 300);
    wait(2);
    progress.at(300, "");
    progress.close();
    progress.end();
    assertThat(logged())
        .containsExactly("sfron: 300 to do", "sfron: 300 of 300 (100 %) after 2.0 s");
  }

  @Test
  void anUnknownTotalIsNotInvented() {
    progress.begin("reading", 0);
    wait(11);
    progress.at(5, "");
    assertThat(logged()).containsExactly("reading", "reading: 5 done");
  }

  @Test
  void beginningAnewEndsTheTaskBefore() {
    progress.begin("a", 1);
    progress.begin("b", 1);
    assertThat(logged()).containsExactly("a: 1 to do", "a: 0 of 1 (0 %) after 0.0 s", "b: 1 to do");
  }

  @Test
  void reportsOutsideATaskAreIgnored() {
    progress.at(1, "x");
    progress.end();
    assertThat(logged()).isEmpty();
    try (Progress none = Progress.none()) {
      none.begin("x", 1);
      none.at(1, "");
    }
  }
}
