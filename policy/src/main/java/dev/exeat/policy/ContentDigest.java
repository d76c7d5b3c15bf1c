package dev.exeat.policy;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names the content of objects, lists and options. Each object has an {@link ObjectDigest} of its own; they are sorted into
 * {@value #BUCKETS} buckets by their first octet, each bucket has one of its objects', and the whole one of the buckets'.
 * So order never matters, and after a change only the objects and buckets that changed are summed up anew. Not
 * thread-safe.
 */
final class ContentDigest {
    private static final int BUCKETS = 256;
    private static final int DIGITS = 16;

    private final MessageDigest sha256 = ObjectDigest.sha256();
    private final DigestText text = new DigestText();
    private final byte[] options;
    private final List<Bucket> buckets = new ArrayList<>(Collections.nCopies(BUCKETS, null));

    /** The digests of some objects, in order. */
    private static final class Bucket {
        private final List<byte[]> objects = new ArrayList<>();
        private byte @Nullable [] digest;
    }

    ContentDigest(CompileOptions options) {
        buckets.replaceAll(_ -> new Bucket());
        this.options = digestOf(options);
    }

    private byte[] digestOf(CompileOptions options) {
        text.add(options.registry().name());
        text.add(options.enforcement().name());
        new TreeMap<>(options.gatewayLabels()).forEach((key, value) -> {
            text.add(key);
            text.add(value);
        });
        text.add(options.gateway().toString());
        text.add(options.rootNamespace());
        text.add(Boolean.toString(options.denyOnMatchError()));
        return text.digest(sha256);
    }

    void add(byte[] object) {
        Bucket bucket = bucketOf(object);
        int at = Collections.binarySearch(bucket.objects, object, Arrays::compareUnsigned);
        bucket.objects.add(at < 0 ? -at - 1 : at, object);
        bucket.digest = null;
    }

    void remove(byte[] object) {
        Bucket bucket = bucketOf(object);
        int at = Collections.binarySearch(bucket.objects, object, Arrays::compareUnsigned);
        if (at >= 0) {
            bucket.objects.remove(at);
            bucket.digest = null;
        }
    }

    private Bucket bucketOf(byte[] object) {
        return buckets.get(object[0] & 0xff);
    }

    /** 16 hex digits for everything that was added and not removed, the options and these lists. */
    String digest(Map<String, @Nullable ListContent> lists) {
        byte[] ofLists = digestOf(lists);
        List<byte[]> parts = new ArrayList<>(BUCKETS);
        buckets.forEach(bucket -> parts.add(digestOf(bucket)));
        sha256.update(options);
        parts.forEach(sha256::update);
        sha256.update(ofLists);
        return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGITS);
    }

    private byte[] digestOf(Bucket bucket) {
        byte[] known = bucket.digest;
        if (known == null) {
            bucket.objects.forEach(sha256::update);
            known = sha256.digest();
            bucket.digest = known;
        }
        return known;
    }

    private byte[] digestOf(Map<String, @Nullable ListContent> lists) {
        lists.forEach((list, content) -> {
            text.add(list);
            text.add(content == null ? "missing" : "loaded");
            if (content != null) {
                text.add(content.entries().size());
                content.entries().forEach(text::add);
            }
        });
        return text.digest(sha256);
    }
}
