package dev.exeat.bench.result;

import dev.exeat.bench.machine.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run found: the content of a result file.
 *
 * @param taken when it began, ISO 8601 in UTC
 * @param rounds asked for; single programs may have fewer
 * @param seconds of load in each round
 */
public record Results(
        String taken,
        Machine machine,
        int rounds,
        double seconds,
        List<Measured> programs,
        List<ScenarioResult> scenarios) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** A program that took part. */
    public record Measured(String name, String version, String tls) {}

    public static Results read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), Results.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("there is no result file " + file + " that can be read", e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not a result file: " + e.getOriginalMessage(), e);
        }
    }

    public void write(Path file) {
        try {
            Files.writeString(file, JSON.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<ScenarioResult> scenario(String id) {
        return scenarios.stream().filter(one -> one.id().equals(id)).findFirst();
    }
}
