package dev.exeat.policy;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;

/**
 * Sums up the content of objects, one after the other. What has no meaning for policy is left out: status, and the
 * metadata but for names, which a cluster changes without a change of content. Not thread-safe.
 */
final class ObjectDigest {
    private final MessageDigest sha256 = sha256();
    private final DigestText text = new DigestText();

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The SHA-256 of one object. */
    byte[] of(Resource resource) {
        ObjectKey key = resource.key();
        text.add(key.group());
        text.add(key.kind());
        text.add(key.namespace());
        text.add(key.name());
        text.add(resource.apiVersion());
        add(resource.body(), true);
        return text.digest(sha256);
    }

    private void add(Node node, boolean whole) {
        switch (node) {
            case Node.Mapping mapping -> {
                text.add("{");
                for (String key : sortedKeys(mapping.fields())) {
                    Node value = mapping.get(key);
                    if (value != null && !(whole && isLeftOut(key))) {
                        text.add(key);
                        add(value, false);
                    }
                }
                text.add("}");
            }
            case Node.Sequence sequence -> {
                text.add("[");
                text.add(sequence.items().size());
                sequence.items().forEach(item -> add(item, false));
            }
            case Node.Scalar scalar -> {
                text.add(scalar.type().name());
                text.add(scalar.text());
            }
        }
    }

    private static boolean isLeftOut(String key) {
        return key.equals("metadata") || key.equals("status");
    }

    /** Not by the key set, which the mapping would keep for ever. */
    private static String[] sortedKeys(Map<String, Node> fields) {
        String[] keys = new String[fields.size()];
        int[] count = new int[1];
        fields.forEach((key, _) -> keys[count[0]++] = key);
        Arrays.sort(keys);
        return keys;
    }
}
