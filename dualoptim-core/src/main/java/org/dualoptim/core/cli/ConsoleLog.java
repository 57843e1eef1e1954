package org.dualoptim.core.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/**
 * Logging of a main: through logback to stderr, so that stdout holds results only. Libraries log to
 * slf4j and leave this to whoever runs them, which is why logback is an optional dependency and is
 * set up here and not in a file on the class path.
 */
public final class ConsoleLog implements LogLevel {
  private static final String PATTERN = "%d{HH:mm:ss} %-5level %msg%n%ex{0}%nopex";

  /** With the traces of exceptions. */
  private static final String FULL_PATTERN = "%d{HH:mm:ss} %-5level %msg%n%ex";

  private final LoggerContext context;
  private final PatternLayoutEncoder encoder;

  private ConsoleLog(LoggerContext context, PatternLayoutEncoder encoder) {
    this.context = context;
    this.encoder = encoder;
  }

  /** Replaces whatever logback was set up with. */
  public static ConsoleLog install() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(stderr);
    ConsoleLog log = new ConsoleLog(context, encoder);
    log.set(org.slf4j.event.Level.INFO);
    return log;
  }

  /** Every detail has the engine's own log in it, and traces. */
  @Override
  public void set(org.slf4j.event.Level level) {
    boolean everything = level == org.slf4j.event.Level.TRACE;
    encoder.setPattern(everything ? FULL_PATTERN : PATTERN);
    encoder.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level.toString()));
    context.getLogger("ai.djl").setLevel(everything ? Level.DEBUG : Level.ERROR);
  }
}
