package dev.exeat.proxy.dns;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The name servers that a resolv.conf(5) names. Its search domains are not used: a name is only itself. */
public final class ResolvConf {
    public static final Path SYSTEM = Path.of("/etc/resolv.conf");
    /** What resolv.conf(5) calls MAXNS. */
    private static final int MAX_SERVERS = 3;

    private ResolvConf() {}

    /** The first three servers; 127.0.0.1 if the file is missing or names none, as resolv.conf(5) has it. */
    public static List<InetSocketAddress> servers(Path file) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAX_SERVERS) {
                try {
                    InetAddress address = IpAddress.parse(words[1]).toInetAddress();
                    servers.add(new InetSocketAddress(address, 53));
                } catch (InvalidNameException skipped) {
                    // A scoped or malformed address: the C library skips such a line as well.
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53));
        }
        return servers;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
