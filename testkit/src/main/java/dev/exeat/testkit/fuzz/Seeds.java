package dev.exeat.testkit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The seeds of a target: the files of {@code fuzz/NAME} among the test resources, in the order of their names, then
 * those that code makes. A file that ends in {@code .hex} holds octets in hexadecimal, with {@code #} before comments.
 */
final class Seeds {
    private Seeds() {}

    static List<byte[]> of(FuzzTarget target) {
        List<byte[]> seeds = new ArrayList<>();
        URL folder = target.getClass().getResource("/fuzz/" + target.name());
        if (folder != null) {
            try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
                files.sorted().forEach(file -> seeds.add(read(file)));
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException("the seeds in " + folder + " can't be read", e);
            }
        }
        seeds.addAll(target.seeds());
        if (seeds.isEmpty()) {
            throw new IllegalStateException("the fuzz target " + target.name() + " has no seeds");
        }
        return seeds;
    }

    static byte[] read(Path file) {
        try {
            if (!file.toString().endsWith(".hex")) {
                return Files.readAllBytes(file);
            }
            StringBuilder digits = new StringBuilder();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                digits.append(line.replaceAll("#.*|\\s", ""));
            }
            return HexFormat.of().parseHex(digits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
