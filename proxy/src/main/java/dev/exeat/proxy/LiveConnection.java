package dev.exeat.proxy;

import dev.exeat.model.HostPort;
import dev.exeat.model.PolicyRef;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of an open connection at one moment.
 *
 * @param stage how far it has come: {@code hello}, {@code resolving}, {@code dialling} or {@code carrying}
 * @param target what it is permitted to reach, or null before that is decided
 * @param dialled the upstream, or null before it is connected
 * @param started when it was accepted
 * @param idle since the last byte in either direction
 * @param received octets that came from the client and were passed on
 * @param sent octets that came from the upstream and were passed on
 * @param rule the object that decided, or null
 * @param digest of the policy that decided; empty before that
 */
public record LiveConnection(
        Arrival arrival,
        int sourcePort,
        String stage,
        @Nullable HostPort target,
        @Nullable InetSocketAddress dialled,
        Instant started,
        Duration age,
        Duration idle,
        long received,
        long sent,
        @Nullable PolicyRef rule,
        String digest) {}
