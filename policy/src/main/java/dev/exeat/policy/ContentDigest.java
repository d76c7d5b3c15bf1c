package dev.exeat.policy;

import dev.exeat.model.Node;
import dev.exeat.model.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over objects, lists and options, each text with its length before it, mappings by key. What has no meaning
 * for policy is left out: status, and the metadata but for names, which a cluster changes without a change of content.
 */
final class ContentDigest {
    private static final int DIGITS = 16;
    private static final Set<String> LEFT_OUT = Set.of("metadata", "status");

    private final MessageDigest sha256;

    private ContentDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String of(Collection<Resource> resources, CompileOptions options, Map<String, @Nullable ListContent> lists) {
        ContentDigest digest = new ContentDigest();
        digest.add(options);
        resources.stream()
                .sorted(Comparator.comparing(Resource::key).thenComparing(Resource::apiVersion))
                .forEach(digest::add);
        lists.forEach(digest::add);
        return HexFormat.of().formatHex(digest.sha256.digest()).substring(0, DIGITS);
    }

    private void add(CompileOptions options) {
        text(options.registry().name());
        text(options.enforcement().name());
        new TreeMap<>(options.gatewayLabels()).forEach((key, value) -> {
            text(key);
            text(value);
        });
        text(options.gateway().toString());
        text(options.rootNamespace());
        text(Boolean.toString(options.denyOnMatchError()));
    }

    private void add(Resource resource) {
        text("object");
        text(resource.key().group());
        text(resource.key().kind());
        text(resource.key().namespace());
        text(resource.key().name());
        text(resource.apiVersion());
        new TreeMap<>(resource.body().fields()).forEach((key, node) -> {
            if (!LEFT_OUT.contains(key)) {
                text(key);
                add(node);
            }
        });
    }

    private void add(String list, @Nullable ListContent content) {
        text("list");
        text(list);
        text(content == null ? "missing" : "loaded");
        if (content != null) {
            number(content.entries().size());
            content.entries().forEach(this::text);
        }
    }

    private void add(Node node) {
        switch (node) {
            case Node.Mapping mapping -> {
                text("{");
                number(mapping.fields().size());
                new TreeMap<>(mapping.fields()).forEach((key, value) -> {
                    text(key);
                    add(value);
                });
            }
            case Node.Sequence sequence -> {
                text("[");
                number(sequence.items().size());
                sequence.items().forEach(this::add);
            }
            case Node.Scalar scalar -> {
                text(scalar.type().name());
                text(scalar.text());
            }
        }
    }

    private void text(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        number(octets.length);
        sha256.update(octets);
    }

    private void number(int number) {
        sha256.update(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }
}
