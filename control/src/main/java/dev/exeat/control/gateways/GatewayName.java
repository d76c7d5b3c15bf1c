package dev.exeat.control.gateways;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The name under which a gateway reports unless it is given one. */
public final class GatewayName {
    private static final int DIGITS = 6;
    private static final int MAX = 253;
    private static final int MAX_HOST = 63;

    private GatewayName() {}

    /** Whether it has one to 253 of a-z, 0-9, hyphen and dot. */
    public static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= MAX
                && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
    }

    /** The machine's name and, as a machine may have several gateways, six digits that stand for the data directory. */
    public static String of(String host, Path dataDir) {
        StringBuilder name = new StringBuilder();
        host.toLowerCase(Locale.ROOT)
                .chars()
                .limit(MAX_HOST)
                .forEach(c -> name.append(isValid(String.valueOf((char) c)) ? (char) c : '-'));
        String path = dataDir.toAbsolutePath().normalize().toString();
        return name.append('-').append(digest(path)).toString();
    }

    private static String digest(String path) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
