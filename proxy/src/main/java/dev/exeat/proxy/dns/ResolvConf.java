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

/**
 * The name servers and search domains that a resolv.conf(5) names. Exeat's own look-ups use no search domains: a name is
 * only itself.
 */
public final class ResolvConf {
    public static final Path SYSTEM = Path.of("/etc/resolv.conf");
    /** What resolv.conf(5) calls MAXNS. */
    private static final int MAX_SERVERS = 3;

    private static final int MAX_DOMAINS = 32;

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

    /** The search domains with which programs of this machine complete names, without dots at their ends; 32 at most. */
    public static List<String> searchDomains(Path file) {
        List<String> domains = List.of();
        for (String line : lines(file)) {
            List<String> words = List.of(line.strip().split("\\s+"));
            // The last of such lines counts.
            if (words.size() >= 2
                    && (words.getFirst().equals("search") || words.getFirst().equals("domain"))) {
                domains = words.stream()
                        .skip(1)
                        .limit(MAX_DOMAINS)
                        .map(word -> word.endsWith(".") ? word.substring(0, word.length() - 1) : word)
                        .filter(word -> !word.isEmpty())
                        .toList();
            }
        }
        return domains;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
