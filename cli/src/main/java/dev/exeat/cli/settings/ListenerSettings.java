package dev.exeat.cli.settings;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway listens; port 0 picks a free one.
 *
 * @param plain null unless asked for, because it knows no identities
 */
public record ListenerSettings(
        InetSocketAddress tunnel, @Nullable InetSocketAddress plain, InetSocketAddress admin) {}
