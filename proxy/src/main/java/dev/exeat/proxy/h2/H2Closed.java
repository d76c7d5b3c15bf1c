package dev.exeat.proxy.h2;

/**
 * How a connection ended.
 *
 * @param clean whether both sides had nothing left to do
 * @param detail one sentence for the log, without the peer's bytes
 */
public record H2Closed(boolean clean, String detail) {}
