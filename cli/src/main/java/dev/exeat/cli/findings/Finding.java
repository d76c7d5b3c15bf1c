package dev.exeat.cli.findings;

import java.time.Instant;

/**
 * Connections of one pair that stand out in one way.
 *
 * @param example the id of the first of them
 * @param detail what stands out about it, for people; may hold text of the client
 */
record Finding(Kind kind, Pair pair, long count, Instant first, Instant last, String example, String detail) {}
