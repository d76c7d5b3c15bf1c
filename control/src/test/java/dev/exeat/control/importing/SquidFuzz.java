package dev.exeat.control.importing;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Any file that calls itself a configuration of Squid is refused with a place or comes to policies that are read again as
 * they were written; and comments and empty lines between its lines make no difference.
 */
public final class SquidFuzz implements FuzzTarget {
    private static final ImportOptions OPTIONS = new ImportOptions("istio-system", "default", "x", "", false);

    @Override
    public String name() {
        return "squid";
    }

    @Override
    public List<byte[]> seeds() {
        try {
            return List.of(ImportedRules.resource("squid.conf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> words() {
        return List.of(
                "http_access ",
                "allow ",
                "deny ",
                "all",
                "acl a ",
                "dstdomain ",
                "ssl::server_name ",
                "src ",
                "port ",
                ".a.test",
                "b.a.test",
                "10.0.0.0/8",
                "443",
                "1-1000",
                "!a",
                "\\\n",
                "\n# \\\n",
                "#",
                "\r",
                "\n",
                "ssl_bump ",
                "terminate ",
                "splice ",
                "CONNECT ",
                "\"/f\"",
                "parameters(");
    }

    @Override
    public String feed(byte[] input) {
        List<String> policies;
        try {
            policies = read(input);
        } catch (ImportException e) {
            return "refused: " + e.getMessage();
        }
        String commented = new String(input, StandardCharsets.UTF_8).replace("\n", "\n# more \\\n\t\n");
        Same.require("the policies with comments", read(commented.getBytes(StandardCharsets.UTF_8)), policies);
        return "policies " + Math.min(policies.size(), 9);
    }

    /** The policies without their places. */
    private static List<String> read(byte[] input) {
        Imported imported = PolicyImport.read(ImportSource.SQUID, "squid.conf", input, OPTIONS);
        String text = PolicyText.write(imported, "squid.conf");
        ManifestFile again = new ManifestReader().read("out.yaml", text.getBytes(StandardCharsets.UTF_8));
        if (!again.problems().isEmpty()
                || again.resources().size() != imported.policies().size()) {
            throw new AssertionError("what was written is read otherwise: " + again.problems() + "\n" + text);
        }
        List<String> policies = new ArrayList<>();
        imported.policies()
                .forEach(
                        policy -> policies.add(policy.action() + " " + policy.sources() + " " + policy.destinations()));
        return policies;
    }
}
