package dev.exeat.control.kinds;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** All kinds that are served. Immutable. */
public final class KindCatalogue {
    private static final String INDEX = "index.txt";

    private final List<Kind> kinds;
    private final PublishedSchemas published;

    private KindCatalogue(Collection<Kind> kinds, PublishedSchemas published) {
        this.kinds = List.copyOf(kinds);
        this.published = published;
    }

    /** The custom kinds whose definitions are part of the program, and those of Kubernetes itself. */
    public static KindCatalogue bundled() {
        PublishedSchemas published = PublishedSchemas.load();
        List<Kind> kinds = new ArrayList<>(CoreKinds.all(published));
        kinds.addAll(CoordinationKinds.all(published));
        kinds.addAll(AccessKinds.all(published));
        WholeSchema schemas = new WholeSchema(published);
        new String(resource(INDEX), StandardCharsets.UTF_8)
                .lines()
                .forEach(file -> kinds.add(custom(definition(file), schemas)));
        return new KindCatalogue(kinds, published);
    }

    /** The same with the kinds that {@code exeat up --lab} makes workloads of. */
    public static KindCatalogue withLab() {
        return bundled().andLab();
    }

    /** These and the kinds that {@code exeat up --lab} makes workloads of. */
    public KindCatalogue andLab() {
        List<Kind> all = new ArrayList<>(LabKinds.all(published));
        all.addAll(kinds);
        return new KindCatalogue(all, published);
    }

    private static Node definition(String file) {
        return new ManifestReader()
                .readSingleDocument(file, resource(file))
                .orElseThrow(() -> new IllegalStateException("the definition " + file + " is broken"));
    }

    private static byte[] resource(String file) {
        try (InputStream in = KindCatalogue.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks the definition " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program cannot read its definition " + file, e);
        }
    }

    private static Kind custom(Node definition, WholeSchema schemas) {
        JsonNode spec = NodeJson.of(definition).path("spec");
        List<Kind.Version> versions = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            versions.add(new Kind.Version(
                    version.path("name").asString(),
                    schemas.of(version.at("/schema/openAPIV3Schema")),
                    columns(version.path("additionalPrinterColumns")),
                    version.at("/subresources/status").isObject()));
        }
        JsonNode names = spec.path("names");
        return new Kind(
                spec.path("group").asString(),
                versions,
                new KindNames(
                        names.path("kind").asString(),
                        names.path("plural").asString(),
                        names.path("singular").asString(),
                        texts(names.path("shortNames")),
                        texts(names.path("categories"))),
                spec.path("scope").asString().equals("Namespaced"));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static List<Column> columns(JsonNode definitions) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : definitions) {
            columns.add(new Column(
                    column.path("name").asString(),
                    column.path("type").asString(),
                    column.path("jsonPath").asString(),
                    column.path("priority").asInt(0)));
        }
        return columns;
    }

    /** The schemas of Kubernetes' own kinds. */
    public PublishedSchemas published() {
        return published;
    }

    public List<Kind> all() {
        return kinds;
    }

    public Optional<Kind> find(String group, String version, String plural) {
        return kinds.stream()
                .filter(kind -> kind.group().equals(group)
                        && kind.plural().equals(plural)
                        && kind.version(version).isPresent())
                .findFirst();
    }

    /** The groups, but for the core one, by name. */
    public Collection<String> groups() {
        TreeSet<String> groups = new TreeSet<>();
        kinds.forEach(kind -> groups.add(kind.group()));
        groups.remove("");
        return groups;
    }

    /** The versions of a group, the one that is preferred first. */
    public List<String> versions(String group) {
        List<String> versions = new ArrayList<>();
        for (Kind kind : kinds) {
            if (kind.group().equals(group)) {
                kind.versions().stream()
                        .map(Kind.Version::name)
                        .filter(version -> !versions.contains(version))
                        .forEach(versions::add);
            }
        }
        return versions;
    }

    /** The kinds that a version of a group has. */
    public List<Kind> of(String group, String version) {
        return kinds.stream()
                .filter(kind ->
                        kind.group().equals(group) && kind.version(version).isPresent())
                .toList();
    }
}
