package dev.exeat.cli.settings;

import dev.exeat.model.Cidr;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a workload proxy takes traffic that the kernel redirects to it.
 *
 * @param transparent where such connections come in; none by default
 * @param dns where questions for names are answered; nowhere by default
 * @param reservedRanges whose addresses stand for names
 */
public record CaptureSettings(
        List<InetSocketAddress> transparent, List<InetSocketAddress> dns, List<Cidr> reservedRanges) {
    public CaptureSettings {
        transparent = List.copyOf(transparent);
        dns = List.copyOf(dns);
        reservedRanges = List.copyOf(reservedRanges);
    }
}
