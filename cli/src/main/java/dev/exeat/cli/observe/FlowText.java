package dev.exeat.cli.observe;

import dev.exeat.cli.ask.Printable;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.query.Flow;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words for a connection. */
public final class FlowText {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final int DIGEST = 8;
    private static final int THOUSAND = 1000;

    private final boolean coloured;
    private final DateTimeFormatter times;

    public FlowText(boolean coloured, ZoneId zone) {
        this.coloured = coloured;
        this.times = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(zone);
    }

    /** One line that reads as a sentence: when, what became of it, who to what, how, why, under which policy, its id. */
    String sentence(Flow flow) {
        StringBuilder line = new StringBuilder(160)
                .append(paint(FAINT, time(flow.time())))
                .append(' ')
                .append(paint(colour(flow), verdict(flow)))
                .append(' ')
                .append(paint(BOLD, who(flow)))
                .append(" -> ")
                .append(paint(BOLD, what(flow)));
        List<String> facts = facts(flow);
        if (!facts.isEmpty()) {
            line.append(" (").append(String.join(", ", facts)).append(')');
        }
        if (!flow.reason().isEmpty()) {
            line.append(flow.outcome().equals(Flow.WOULD_DENY) ? " despite " : " for ")
                    .append(paint(colour(flow), Printable.of(flow.reason())));
        }
        // Most messages name the object already.
        if (!flow.rule().isNone() && !flow.message().contains(flow.rule().toString())) {
            line.append(" by ").append(Printable.of(flow.rule().toString()));
        }
        if (!flow.message().isEmpty()) {
            line.append(": ").append(Printable.of(flow.message()));
        }
        if (flow.shadow().differs()) {
            line.append("; the shadow says ").append(paint(YELLOW, Printable.of(shadow(flow))));
        }
        String policy = flow.digest().isEmpty() ? "" : "policy " + digest(flow) + ", ";
        return line.append(paint(FAINT, " [" + policy + Printable.of(flow.id()) + "]"))
                .toString();
    }

    public String time(Instant instant) {
        return times.format(instant);
    }

    /** {@code open} for one that is carried now. */
    static String verdict(Flow flow) {
        String outcome = flow.outcome();
        return flow.event() == Event.OPEN && !outcome.equals(Flow.WOULD_DENY) ? "open" : outcome;
    }

    public static String who(Flow flow) {
        String name = flow.who().shortName();
        return name.isEmpty() ? "somebody" : Printable.of(name);
    }

    public static String what(Flow flow) {
        String host = flow.what().host();
        return host.isEmpty()
                ? "(no name)"
                : Printable.of(host)
                        + (flow.what().port() == 0 ? "" : ":" + flow.what().port());
    }

    static String digest(Flow flow) {
        return Printable.of(flow.digest().length() > DIGEST ? flow.digest().substring(0, DIGEST) : flow.digest());
    }

    /** What the ClientHello said, what was carried, for how long, and how it ended where that was not in order. */
    static List<String> facts(Flow flow) {
        List<String> facts = new ArrayList<>();
        if (!flow.hello().versions().isEmpty()) {
            facts.add(Printable.of(flow.hello().versions().getFirst()));
        }
        if (!flow.hello().alpn().isEmpty()) {
            facts.add(Printable.of(flow.hello().alpn().getFirst()));
        }
        if (flow.hello().postQuantum()) {
            facts.add("pq");
        }
        if (flow.hello().ech()) {
            facts.add("ech");
        }
        if (flow.ending().received() + flow.ending().sent() > 0) {
            facts.add(octets(flow.ending().received()) + " out");
            facts.add(octets(flow.ending().sent()) + " in");
        }
        if (flow.event() == Event.FINAL && !flow.what().dialled().isEmpty()) {
            facts.add(duration(flow.ending().micros()));
        }
        if (!flow.ending().flag().isEmpty()) {
            facts.add(Printable.of(flow.ending().flag()));
        }
        return facts;
    }

    /** What the shadow's policies say otherwise, and why; empty where they agree. */
    static String shadow(Flow flow) {
        Flow.Shadow shadow = flow.shadow();
        String why = shadow.rule().isNone() ? shadow.reason() : shadow.rule().toString();
        String when = shadow.beforeHello() ? " before a ClientHello" : "";
        return shadow.differs() ? shadow.verdict() + (why.isEmpty() ? "" : " by " + why) + when : "";
    }

    static String duration(long micros) {
        if (micros < THOUSAND * THOUSAND) {
            return micros / THOUSAND + "ms";
        }
        return String.format(Locale.ROOT, "%.1fs", micros / 1e6);
    }

    public static String octets(long count) {
        if (count < 1024) {
            return count + "B";
        }
        double scaled = count;
        int unit = -1;
        while (scaled >= 1024 && unit < 3) {
            scaled /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f%ciB", scaled, "KMGT".charAt(unit));
    }

    private static String colour(Flow flow) {
        return switch (verdict(flow)) {
            case "denied" -> RED;
            case "failed", Flow.WOULD_DENY -> YELLOW;
            default -> GREEN;
        };
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
