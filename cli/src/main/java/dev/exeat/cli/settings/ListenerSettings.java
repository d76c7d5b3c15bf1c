package dev.exeat.cli.settings;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway listens; port 0 picks a free one.
 *
 * @param tickets whether clients of {@code tunnel} may resume their TLS sessions
 * @param plain null unless asked for, because it knows no identities
 * @param takeover whether to take the place of the process that holds the data directory
 */
public record ListenerSettings(
        InetSocketAddress tunnel,
        Tickets tickets,
        @Nullable InetSocketAddress plain,
        InetSocketAddress admin,
        boolean takeover) {}
