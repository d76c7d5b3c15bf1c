package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.cli.lint.LintPages;
import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.lint.Linter;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference of findings has a section for each code that the program knows, and no other. */
class LintReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "lint.md");

    /** How the sources report a problem: its code is the first text of the call, or either of two. */
    private static final Pattern REPORT =
            Pattern.compile("(?:error|warning|tell|unreadable|problem|Problem|DocumentException|Told)\\(\\s*"
                    + "(?:[\\w.]+,\\s*)?(?:[\\w.()]+ \\? )?\"([a-z]+(?:-[a-z]+)*)\"(?: : \"([a-z]+(?:-[a-z]+)*)\")?"
                    + "|warn\\(\\s*\"(ignore-[a-z-]+)\"");

    @Test
    void has_a_section_for_each_code_and_no_other() throws IOException {
        Set<String> codes = new TreeSet<>(linter().codes());
        for (String module : List.of("model", "policy", "control")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(LintReferenceTest::isOfManifests).toList()) {
                    codes.addAll(codesOf(Files.readString(file)));
                }
            }
        }

        assertThat(LintPages.parse(Files.readString(REFERENCE)).codes()).containsExactlyInAnyOrderElementsOf(codes);
    }

    /** What is wrong with the files of other programs only the importers tell, and what a pod does not do the lab. */
    private static boolean isOfManifests(Path path) {
        Path parent = path.getParent();
        return path.toString().endsWith(".java") && !parent.endsWith("importing") && !parent.endsWith("lab");
    }

    private static Linter linter() {
        return new Linter(
                new PolicyCompiler(new CompileOptions(
                        RegistryMode.REGISTRY_ONLY,
                        Enforcement.ENFORCE,
                        Map.of(),
                        new GatewayWorkload("", "", "", "", "cluster.local/ns/exeat-system/sa/exeat-gateway"),
                        "istio-system",
                        false,
                        ListProviders.NONE)),
                PublicSuffixes.bundled(),
                Duration.ZERO);
    }

    private static List<String> codesOf(String source) {
        List<String> codes = new ArrayList<>();
        Matcher matcher = REPORT.matcher(source);
        while (matcher.find()) {
            for (int i = 1; i <= matcher.groupCount(); i++) {
                if (matcher.group(i) != null) {
                    codes.add(matcher.group(i));
                }
            }
        }
        return codes;
    }
}
