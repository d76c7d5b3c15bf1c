package dev.exeat.cli.up;

import dev.exeat.model.IpAddress;
import dev.exeat.proxy.dial.ConnectTo;
import java.net.InetSocketAddress;
import java.util.List;

/** Turns the settings of {@code --connect-to} into the rules of dialling. */
final class ConnectRules {
    private ConnectRules() {}

    static ConnectTo of(List<dev.exeat.cli.settings.ConnectTo> settings) {
        return settings.isEmpty()
                ? ConnectTo.none()
                : ConnectTo.parse(settings.stream().map(ConnectRules::text).toList());
    }

    private static String text(dev.exeat.cli.settings.ConnectTo rule) {
        InetSocketAddress target = rule.target();
        IpAddress address = IpAddress.of(target.getAddress());
        return rule.host() + ":" + (rule.port() == 0 ? "" : rule.port()) + ":"
                + (address.isV4() ? address.toString() : "[" + address + "]") + ":" + target.getPort();
    }
}
