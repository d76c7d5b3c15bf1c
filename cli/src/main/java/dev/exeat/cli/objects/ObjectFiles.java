package dev.exeat.cli.objects;

import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the objects of files, directories and standard input, in the order in which they stand there. */
final class ObjectFiles {
    private static final String STANDARD_INPUT = "-";
    private static final List<String> ENDINGS = List.of(".json", ".yaml", ".yml");

    private final KindIndex kinds;
    private final String namespace;
    private final String demanded;
    private final Failures failures;
    private final List<Declared> objects = new ArrayList<>();

    /**
     * @param access whose namespace objects get that name none
     * @param demanded the namespace that all of them must be in, or empty
     * @param failures gets what is wrong with one of them
     */
    ObjectFiles(KindIndex kinds, Access access, String demanded, Failures failures) {
        this.kinds = kinds;
        this.namespace = access.namespace();
        this.demanded = demanded;
        this.failures = failures;
    }

    /** @throws ObjectException if there is no such path */
    List<Declared> read(List<String> paths, boolean recursive, InputStream standardInput) {
        for (String path : paths) {
            if (path.equals(STANDARD_INPUT)) {
                failures.attempt(() -> document("STDIN", bytes(path, standardInput)));
            } else if (!Files.exists(Path.of(path))) {
                throw ObjectException.of("the path \"" + path + "\" does not exist");
            } else {
                files(Path.of(path), recursive).forEach(file -> failures.attempt(() -> file(file)));
            }
        }
        return List.copyOf(objects);
    }

    private static byte[] bytes(String path, InputStream in) {
        try {
            return in.readNBytes(ManifestReader.MAX_BYTES + 1);
        } catch (IOException e) {
            throw ObjectException.of("cannot read " + path + ": " + e.getMessage());
        }
    }

    private static List<Path> files(Path path, boolean recursive) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> found = Files.walk(path, recursive ? Integer.MAX_VALUE : 1, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = found.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw ObjectException.of(
                        "error reading [" + path + "]: recognized file extensions are [.json .yaml .yml]");
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw ObjectException.of("cannot read " + path + ": " + e.getMessage());
        }
    }

    private void file(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            document(file.toString(), bytes(file.toString(), in));
        } catch (IOException e) {
            throw ObjectException.of("cannot read " + file + ": " + e.getMessage());
        }
    }

    private void document(String source, byte[] content) {
        ManifestReader.Documents documents = new ManifestReader().readDocuments(source, content);
        for (Problem problem : documents.problems()) {
            failures.add(ObjectException.of("error parsing " + source + ": line "
                    + problem.place().line() + ": " + problem.message()
                    + (problem.cure().isEmpty() ? "" : "; " + problem.cure())));
        }
        documents.roots().forEach(root -> {
            // Through text, so that numbers are of the same types as those of the server's answers.
            JsonNode node = JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsBytes(NodeJson.of(root)));
            failures.attempt(() -> object(source, node));
        });
    }

    private void object(String source, JsonNode node) {
        if (node.isNull()) {
            return;
        }
        if (!(node instanceof ObjectNode object)) {
            throw ObjectException.of("error parsing " + source + ": a document is no mapping of fields");
        }
        if (object.path("items").isArray() && object.path("kind").asString("").endsWith("List")) {
            object.path("items").forEach(item -> failures.attempt(() -> object(source, item)));
            return;
        }
        for (String field : List.of("apiVersion", "kind")) {
            if (object.path(field).asString("").isEmpty()) {
                throw ObjectException.of(
                        "error validating \"" + source + "\": error validating data: " + field + " not set");
            }
        }
        objects.add(declared(source, object));
    }

    private Declared declared(String source, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        String apiVersion = object.path("apiVersion").asString("");
        String kindName = object.path("kind").asString("");
        String name = metadata.path("name").asString("");
        String own = metadata.path("namespace").asString("");
        ResourceKind kind = kinds.find(apiVersion, kindName)
                .orElseThrow(() -> ObjectException.of("resource mapping not found for name: \"" + name
                        + "\" namespace: \"" + own + "\" from \"" + source + "\": no matches for kind \"" + kindName
                        + "\" in version \"" + apiVersion + "\"\nensure CRDs are installed first"));
        if (name.isEmpty()) {
            throw ObjectException.of("error when reading \"" + source + "\": resource name may not be empty");
        }
        if (!kind.namespaced()) {
            return new Declared(source, kind, "", name, object);
        }
        if (!own.isEmpty() && !demanded.isEmpty() && !own.equals(demanded)) {
            throw ObjectException.of("the namespace from the provided object \"" + own
                    + "\" does not match the namespace \"" + demanded + "\". You must pass '--namespace=" + own
                    + "' to perform this operation.");
        }
        String in = own.isEmpty() ? namespace : own;
        object.withObject("/metadata").put("namespace", in);
        return new Declared(source, kind, in, name, object);
    }
}
