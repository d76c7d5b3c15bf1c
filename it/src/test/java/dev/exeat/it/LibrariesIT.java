package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.lang.Runtime.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the program is made of. */
class LibrariesIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern JAR =
            Pattern.compile("(.+?)-(\\d[\\w.]*(?:-SNAPSHOT|-android|-jre)?)(?:-linux-\\w+)?\\.jar");

    /** Version by name, of all jars that the program runs with. */
    private static Map<String, String> jars() throws IOException {
        Map<String, String> jars = new HashMap<>();
        try (var files = Files.list(ROOT.resolve("cli/target/exeat/lib"))) {
            for (Path file : files.toList()) {
                Matcher matcher = JAR.matcher(file.getFileName().toString());
                assertThat(matcher.matches()).as(file.toString()).isTrue();
                jars.put(matcher.group(1), matcher.group(2));
            }
        }
        return jars;
    }

    @ParameterizedTest
    @CsvSource({
        "X01, snakeyaml-engine, 2.0",
        "X01, netty-tcnative-classes, 2.0.74",
        "X01, bcpkix-jdk18on, 1.82",
        "X01, logback-core, 1.5.19",
        "X01, jetty-server, 12.0.25",
    })
    @Case
    void no_library_is_older_than_the_mend_of_its_known_faults(String id, String name, String least)
            throws IOException {
        assertThat(numbers(jars().get(name))).as(name).isGreaterThanOrEqualTo(numbers(least));
    }

    private static Version numbers(String version) {
        return Version.parse(version.replaceAll("[^\\d.].*", "").replaceAll("(\\.0+|\\.)*$", ""));
    }

    @Test
    @Case("X01")
    void libraries_that_had_the_worst_faults_are_not_there() throws IOException {
        assertThat(jars().keySet())
                .doesNotContain(
                        "log4j-core", "snakeyaml", "netty-handler", "netty-resolver-dns", "commons-collections");
    }

    @Test
    @Case("X03")
    void the_bill_of_materials_names_each_jar_with_its_licence() throws IOException {
        JsonNode bill = new ObjectMapper().readTree(Files.readString(ROOT.resolve("cli/target/bom.json")));
        Set<String> named = new HashSet<>();
        for (JsonNode component : bill.get("components")) {
            named.add(component.get("name").asString());
            assertThat(component.path("licenses").size())
                    .as(component.get("name").asString())
                    .isPositive();
        }
        named.add(bill.get("metadata").get("component").get("name").asString());

        assertThat(named).isEqualTo(jars().keySet());
    }

    @Test
    @Case("X04")
    void a_module_built_again_elsewhere_is_the_same_to_the_octet(@TempDir Path directory) throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Files.writeString(directory.resolve("pom.xml"), pom.replaceAll("<module>(?!model<).*?</module>", ""));
        Files.createDirectory(directory.resolve("model"));
        for (String part : List.of("mvnw", "launcher", ".mvn", "model/pom.xml", "model/src")) {
            Command.of(
                            "cp",
                            "-r",
                            ROOT.resolve(part).toString(),
                            directory.resolve(part).getParent().toString())
                    .run();
        }
        CommandRun built = Command.of(
                        directory.resolve("mvnw").toString(),
                        "-B",
                        "-q",
                        "-o",
                        "package",
                        "-Dmaven.test.skip",
                        "-Dspotless.check.skip")
                .timeout(Duration.ofMinutes(2))
                .run();
        assertThat(built.exitCode()).as(built.toString()).isZero();

        String jar = "target/exeat-model-0.1.0-SNAPSHOT.jar";
        assertThat(directory.resolve("model").resolve(jar))
                .hasSameBinaryContentAs(ROOT.resolve("model").resolve(jar));
    }
}
