package org.dualoptim.core.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class warns of while this is open. */
record Warnings(Logger logger, ListAppender<ILoggingEvent> heard) implements AutoCloseable {

  static Warnings of(Class<?> type) {
    Warnings warnings = new Warnings((Logger) LoggerFactory.getLogger(type), new ListAppender<>());
    warnings.heard.start();
    warnings.logger.addAppender(warnings.heard);
    return warnings;
  }

  List<String> texts() {
    return heard.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(heard);
  }
}
