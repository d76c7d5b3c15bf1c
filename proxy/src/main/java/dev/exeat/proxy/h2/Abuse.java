package dev.exeat.proxy.h2;

import java.util.Locale;

/**
 * What a peer can do that costs more to take than to send: the floods of CVE-2019-9511 to 9518, the rapid reset of
 * CVE-2023-44487, the header bombs of CVE-2024-27316.
 */
public enum Abuse {
    RESET("stream resets"),
    PING("PING frames"),
    SETTINGS("SETTINGS frames"),
    EMPTY("empty frames"),
    MALFORMED("malformed requests"),
    STRAY("frames for streams that are closed"),
    WINDOW("windows of a few octets, or changes of windows that nothing was sent into"),
    OTHER("frames that carry nothing"),
    /** A header block past its bounds; has no count, once is enough. */
    HEADERS("header blocks past their bounds"),
    /** Frames that must be answered, whose sender reads no answers; has no count either. */
    BACKLOG("frames to answer");

    private final String plural;

    Abuse(String plural) {
        this.plural = plural;
    }

    /** As metrics, details and options spell it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether so many of them in a time are allowed. */
    public boolean isCounted() {
        return this != HEADERS && this != BACKLOG;
    }

    String plural() {
        return plural;
    }
}
