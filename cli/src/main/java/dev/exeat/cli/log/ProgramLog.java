package dev.exeat.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.exeat.cli.settings.LogFormat;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/** Sets up the log of the process, in code alone: no configuration file can change what runs. */
public final class ProgramLog {
    private ProgramLog() {}

    /** Writes INFO and above to the stream from now on, whatever was set before. */
    public static void install(OutputStream to, LogFormat format, boolean coloured) {
        install((LoggerContext) LoggerFactory.getILoggerFactory(), to, format, coloured);
    }

    static void install(LoggerContext context, OutputStream to, LogFormat format, boolean coloured) {
        context.reset();
        Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? new JsonEncoder() : new TextEncoder(coloured);
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new Unclosed(to));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        // Jetty tells of its start at INFO, which is nothing for the operator of a gateway.
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        root.addAppender(appender);
    }
}
