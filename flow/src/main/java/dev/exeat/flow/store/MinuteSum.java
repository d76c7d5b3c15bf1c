package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.PolicyReasons;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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
    public record Group(String identity, String host, int port, String verdict, String reason, String rule) {
        /** That of one connection. */
        public static Group of(Flow flow) {
            return new Group(
                    flow.who().identity(),
                    flow.what().host(),
                    flow.what().port(),
                    flow.outcome(),
                    flow.reason(),
                    flow.rule().toString());
        }

        /**
         * Whether a policy is known to have been asked. What ended before, as by a client that hung up after its
         * CONNECT, names no rule.
         */
        public boolean judged() {
            return verdict.equals(Verdict.ALLOWED.code())
                    || verdict.equals(Flow.WOULD_DENY)
                    || !rule.isEmpty()
                    || PolicyReasons.isRefusal(reason)
                    || PolicyReasons.isAfterPermit(reason);
        }
    }

    /** One connection as a sum: of the minute in which it ended, or of that in which one that is open was accepted. */
    public static MinuteSum of(Flow flow) {
        Instant time = flow.event() == Event.OPEN
                ? flow.time()
                : flow.time().plus(flow.ending().micros(), ChronoUnit.MICROS);
        return new MinuteSum(
                time.truncatedTo(ChronoUnit.MINUTES),
                Group.of(flow),
                1,
                flow.ending().received(),
                flow.ending().sent());
    }
}
