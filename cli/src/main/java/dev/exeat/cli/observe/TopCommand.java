package dev.exeat.cli.observe;

import dev.exeat.cli.Columns;
import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.observe.Traffic.Count;
import dev.exeat.cli.observe.Traffic.Row;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowFollower;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat top}. */
@Command(
        name = "top",
        description = "Show who goes where most, as it happens.",
        footer = {
            "",
            "On a terminal that takes colours it is shown anew each second until interrupted; elsewhere, with --once and",
            "without colours it is shown once. A connection counts when it begins, and its bytes when it has ended.",
            "",
            "Exit code 0, 3 if the history cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class TopCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("WHO", "TO", "CONNECTIONS", "DENIED", "BYTES");
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String HOME = "\u001b[H\u001b[J";

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;
    private final AtomicLong missed = new AtomicLong();

    @Spec
    private CommandSpec command;

    @Option(names = "--once", description = "Show it once.")
    private boolean once;

    @Option(
            names = {"-n", "--times"},
            paramLabel = "N",
            description = "Show it so many times, a second apart.")
    private @Nullable Integer times;

    @Option(
            names = "--window",
            paramLabel = "T",
            defaultValue = "1m",
            description = "Count the connections of the last T, to 1h (${DEFAULT-VALUE}).")
    private Duration window;

    @Option(
            names = "--sort",
            paramLabel = "connections|denied|bytes",
            defaultValue = "connections",
            description = "What comes first (${DEFAULT-VALUE}).")
    private Traffic.Order order;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "Show the first N pairs (${DEFAULT-VALUE}).")
    private int rows;

    @Mixin
    private FlowConditionOptions conditions;

    @Mixin
    private FlowSourceOptions source;

    public TopCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        long shows = shows();
        FlowFilter filter = conditions.filter();
        Traffic traffic = new Traffic((int) window.toSeconds());
        try (FlowHistory history = source.open(environment, console.in())) {
            long[] newest = {shows == 1 ? 0 : history.newest()};
            Instant now = clock.instant();
            history.read(filter.between(now.minus(window), null), Window.ALL, stored -> {
                newest[0] = Math.max(newest[0], stored.sequence());
                // What goes on still was heard of when it began.
                traffic.add(
                        stored.flow(),
                        Math.min(now.getEpochSecond(), ended(stored).getEpochSecond()));
                return true;
            });
            if (shows == 1) {
                command.commandLine().getOut().print(text(traffic));
            } else {
                follow(history, filter, newest[0], traffic, shows);
            }
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
        command.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private static Instant ended(StoredFlow stored) {
        return stored.flow().time().plusNanos(stored.flow().ending().micros() * 1_000);
    }

    /** How often it is shown. */
    private long shows() {
        if (times != null && times < 1) {
            throw wrong("-n takes a number from 1");
        }
        if (rows < 1) {
            throw wrong("--rows takes a number from 1");
        }
        if (window.compareTo(REFRESH) < 0 || window.compareTo(LONGEST) > 0) {
            throw wrong("--window is from 1s to 1h");
        }
        long shows = times != null ? times : once || source.isFile() || !console.colouredOut() ? 1 : Long.MAX_VALUE;
        if (shows > 1 && source.isFile()) {
            throw wrong("a file of --records is shown once");
        }
        return shows;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private void follow(FlowHistory history, FlowFilter filter, long newest, Traffic traffic, long shows) {
        PrintWriter out = command.commandLine().getOut();
        Thread follower = Thread.currentThread();
        Thread display = Thread.ofVirtual().start(() -> {
            display(traffic, shows, out);
            follower.interrupt();
        });
        history.follow(filter, newest, new FlowFollower() {
            @Override
            public void show(StoredFlow flow) {
                traffic.add(flow.flow(), clock.instant().getEpochSecond());
            }

            @Override
            public void missed(long count) {
                missed.addAndGet(count);
            }

            @Override
            public boolean goesOn() {
                return display.isAlive();
            }
        });
        display.interrupt();
        // What ended the following is over.
        boolean _ = Thread.interrupted();
    }

    private void display(Traffic traffic, long shows, PrintWriter out) {
        try {
            for (long i = 0; i < shows && !out.checkError(); i++) {
                if (i > 0) {
                    Thread.sleep(REFRESH);
                }
                out.print((console.colouredOut() ? HOME : i > 0 ? "\n" : "") + text(traffic));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String text(Traffic traffic) {
        List<Row> all = traffic.rows(order, clock.instant().getEpochSecond());
        Count sum = all.stream().map(Row::count).reduce(Count.NONE, Count::plus);
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        out.println(sum.connections() + " connections, " + sum.denied() + " denied, " + FlowText.octets(sum.bytes())
                + " in the last " + window.toSeconds() + " s"
                + (missed.get() == 0 ? "" : "; " + missed.get() + " came too fast to be counted"));
        List<List<String>> table = new ArrayList<>(List.of(HEAD));
        all.stream().limit(rows).forEach(row -> table.add(row(row)));
        Columns.print(table, out);
        if (all.size() > rows) {
            out.println("and " + (all.size() - rows) + " more pairs");
        }
        out.flush();
        return text.toString();
    }

    private static List<String> row(Row row) {
        return List.of(
                row.pair().who(),
                row.pair().what(),
                Long.toString(row.count().connections()),
                Long.toString(row.count().denied()),
                FlowText.octets(row.count().bytes()));
    }
}
