package dev.exeat.cli.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback as {@link QuietStart} sets it up. Logback's own provider finds that too, but looks for configuration and
 * services through every jar, which costs a start some 20 ms.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private static final String API = "2.0.99";

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    /** To be called before the first logger is made, for this provider to be the one. */
    public static void choose() {
        System.setProperty("slf4j.provider", LogProvider.class.getName());
        // Or it tells on standard error that it was chosen.
        System.setProperty("slf4j.internal.verbosity", "WARN");
    }

    @Override
    public void initialize() {
        context.setName("exeat");
        context.setMDCAdapter(diagnostics);
        new QuietStart().configure(context);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return API;
    }
}
