package dev.exeat.it.faults;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Ways to break a manifest so that no reader of it may take it for another good one. */
final class Mangling {
    private static final List<BiFunction<String, SplittableRandom, String>> WAYS = List.of(
            // Half a file, cut within a word that can't be whole there.
            (good, random) -> good.substring(0, good.indexOf("compiledTemplate") + 4 + random.nextInt(8)),
            (good, random) -> good.substring(0, good.indexOf("location:") + 12 + random.nextInt(6)),
            (good, random) -> good.substring(0, good.indexOf("overrides:") + random.nextInt(1, 9)),
            // Fields that nobody knows.
            (good, random) -> good.replace("hosts:", "host" + letter(random) + ":"),
            (good, random) -> good.replace("blacklist:", "blacklist" + letter(random) + ":"),
            (good, random) -> good.replace("  actions:", "  action" + letter(random) + "s:"),
            (good, random) -> good.replace("protocol: TLS", "protocol: " + letter(random) + "LS"),
            // Types that don't fit.
            (good, random) -> good.replace("number: 443", "number: " + (65_536 + random.nextInt(100_000))),
            (good, random) -> good.replace("blacklist: true", "blacklist: " + random.nextInt(2, 100)),
            (good, random) -> good.replace("overrides:\n", "overrides: " + letter(random) + "\n"),
            // YAML that is none.
            (good, random) -> good.replace("  location:", "\tlocation:"),
            (good, random) -> good.replace("{name: model", "{name: model: [" + letter(random)),
            (good, random) -> good.replace("spec:\n", "spec:\n  location: MESH_EXTERNAL\n  location: MESH_EXTERNAL\n"),
            (good, random) -> bomb() + "---\n" + good,
            // An expression that does not end.
            (good, random) -> good.replace("!= \"\"", "!= \"" + letter(random)),
            (good, random) ->
                    good.replace("connection.requested_server_name |", "connection.requested" + letter(random) + " |"),
            // Octets.
            (good, random) -> noise(random));

    private Mangling() {}

    static byte[] of(String good, SplittableRandom random) {
        return WAYS.get(random.nextInt(WAYS.size())).apply(good, random).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static char letter(SplittableRandom random) {
        return (char) ('a' + random.nextInt(26));
    }

    private static String noise(SplittableRandom random) {
        byte[] octets = new byte[random.nextInt(1, 2_000)];
        random.nextBytes(octets);
        octets[0] = (byte) 0xff;
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static String bomb() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 10; i++) {
            yaml.append("a").append(i).append(": &a").append(i).append(" [");
            yaml.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        return yaml.toString();
    }
}
