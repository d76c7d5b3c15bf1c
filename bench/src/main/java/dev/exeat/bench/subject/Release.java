package dev.exeat.bench.subject;

/**
 * What a measured program is.
 *
 * @param version as it says itself
 * @param tls its TLS library with the version that it runs on
 */
public record Release(String version, String tls) {}
