package dev.exeat.policy;

import dev.exeat.model.Resource;
import dev.exeat.policy.cexl.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads objects and sums up their content; many of them on all cores, by the common pool, whose threads wait for nothing
 * here. What comes out, and in which order, does not depend on that. Immutable and thread-safe.
 */
final class ObjectJudge {
    /** Below this many, handing the work over takes longer than is gained. */
    private static final int MANY = 512;
    /** How many objects one thread reads at a time. */
    private static final int PIECE = 128;

    private final Vocabulary vocabulary;
    private final ResourceReader reader;

    ObjectJudge(Vocabulary vocabulary, CompileOptions options) {
        this.vocabulary = vocabulary;
        this.reader = new ResourceReader(
                vocabulary, options.rootNamespace(), options.gateway().trustDomain());
    }

    /** The attributes that expressions may use. */
    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Judges objects, in their order. */
    List<JudgedObject> judge(List<Resource> resources) {
        JudgedObject[] judged = new JudgedObject[resources.size()];
        if (judged.length < MANY) {
            judge(resources, 0, judged.length, judged);
        } else {
            IntStream.range(0, (judged.length + PIECE - 1) / PIECE).parallel().forEach(piece -> {
                int first = piece * PIECE;
                judge(resources, first, Math.min(first + PIECE, judged.length), judged);
            });
        }
        return Arrays.asList(judged);
    }

    private void judge(List<Resource> resources, int first, int end, JudgedObject[] judged) {
        ObjectDigest digest = new ObjectDigest();
        for (int i = first; i < end; i++) {
            Resource resource = resources.get(i);
            judged[i] = new JudgedObject(reader.read(resource), digest.of(resource));
        }
    }
}
