package dev.exeat.cli.settings;

import java.time.Duration;

/**
 * Bounds of name resolution.
 *
 * @param timeout of a name, in all
 * @param maxSize octets of an answer, 512 to 65,535
 * @param maxRecords of an answer, 1 to 1024
 * @param maxCnames from a name to its addresses, 1 to 64
 */
public record DnsSettings(Duration timeout, int maxSize, int maxRecords, int maxCnames) {}
