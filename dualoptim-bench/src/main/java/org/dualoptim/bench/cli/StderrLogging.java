package org.dualoptim.bench.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.dualoptim.core.cli.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Log lines on stderr: the project's own from the level asked for, everyone else's from WARN. Set
 * up here and not by a {@code logback.xml}, which would also rule the programs that use this jar as
 * a library.
 */
public final class StderrLogging implements LogLevel {
  private static final String PATTERN = "%d{HH:mm:ss} %-5level %msg%n";

  private final LoggerContext context;

  private StderrLogging(LoggerContext context) {
    this.context = context;
  }

  /** Takes over logging, unless {@code -Dlogback.configurationFile} says how to log. */
  public static StderrLogging start() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (System.getProperty("logback.configurationFile") == null) {
      context.reset();
      PatternLayoutEncoder encoder = new PatternLayoutEncoder();
      encoder.setContext(context);
      encoder.setCharset(StandardCharsets.UTF_8);
      encoder.setPattern(PATTERN);
      encoder.start();
      ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
      stderr.setContext(context);
      stderr.setTarget("System.err");
      stderr.setEncoder(encoder);
      stderr.start();
      Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      root.addAppender(stderr);
      root.setLevel(Level.WARN);
    }
    return new StderrLogging(context);
  }

  @Override
  public void set(org.slf4j.event.Level level) {
    context.getLogger("org.dualoptim").setLevel(Level.convertAnSLF4JLevel(level));
  }
}
