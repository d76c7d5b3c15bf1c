package dev.exeat.flow.store;

import java.time.Instant;

/**
 * What ended in one minute for one caller, host and outcome.
 *
 * @param minute its beginning
 */
public record MinuteSum(Instant minute, Group group, long count, long received, long sent) {
    public static final String OTHER = "(other)";

    /**
     * What is told apart.
     *
     * @param host {@value #OTHER} for those beyond the number of hosts that a minute tells apart
     * @param verdict {@code would-deny} where a connection passed only because of an audit
     */
    public record Group(String identity, String host, int port, String verdict, String reason, String rule) {}
}
