package dev.exeat.control.gateways;

import java.time.Instant;

/**
 * What a gateway says of itself.
 *
 * @param name one to 253 of a-z, 0-9, hyphen and dot
 * @param digest of the policy in force
 * @param resourceVersion up to which all changes of the API's objects are in force, or refused by their own fault
 * @param version of the program
 * @param started when its process did
 */
public record GatewayReport(String name, String digest, long resourceVersion, String version, Instant started) {}
