package dev.exeat.testkit.fuzz;

import dev.exeat.testkit.OctetTally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a target its seeds, then mutations of them and of every input whose answer was new. The same seed number and
 * seeds give the same inputs. Stops at the first finding and writes the input to a file, made smaller where that keeps
 * the finding.
 */
public final class Fuzzer {
    static final int MAX_ANSWERS = 4096;

    private static final int MAX_ANSWER_LENGTH = 160;
    private static final int SMALLER_TRIES = 2000;
    private static final int SHOWN = 200;

    private final FuzzTarget target;
    private final Path findings;
    private final LongConsumer progress;

    /**
     * @param findings the directory for reproducers, made when there is one
     * @param progress is told now and then how many inputs were fed
     */
    public Fuzzer(FuzzTarget target, Path findings, LongConsumer progress) {
        this.target = target;
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * Feeds all seeds and then so many inputs.
     *
     * @throws FuzzFailure at the first finding
     */
    public FuzzRun run(long inputs, long seed) {
        List<byte[]> corpus = new ArrayList<>(Seeds.of(target));
        Map<String, Long> answers = new TreeMap<>();
        int first = corpus.size();
        long began = System.nanoTime();
        try (Feeding feeding = new Feeding(target)) {
            feeding.watch(() -> {
                for (byte[] one : List.copyOf(corpus)) {
                    count(feeding.feed(one), answers);
                }
                feedMutations(feeding, corpus, answers, inputs, seed);
                return answers;
            });
        } catch (Feeding.Finding finding) {
            throw failure(finding, "seed " + seed);
        }
        return new FuzzRun(
                target.name(),
                seed,
                inputs,
                answers,
                corpus.size() - first,
                Duration.ofNanos(System.nanoTime() - began));
    }

    /**
     * Feeds the one input of a file.
     *
     * @throws FuzzFailure if it is a finding
     */
    public String reproduce(Path file) {
        try (Feeding feeding = new Feeding(target)) {
            return feeding.watch(() -> feeding.feed(Seeds.read(file)));
        } catch (Feeding.Finding finding) {
            throw new FuzzFailure(target.name() + ": " + finding.getMessage(), finding.getCause(), file);
        }
    }

    private void feedMutations(Feeding feeding, List<byte[]> corpus, Map<String, Long> answers, long inputs, long seed)
            throws Feeding.Finding {
        SplittableRandom random = new SplittableRandom(seed);
        Mutator mutator = new Mutator(random, target.tokens(), corpus, target.maxLength());
        for (long i = 0; i < inputs; i++) {
            // Half of the time from what was found last: new answers lead to newer ones.
            int recent = Math.min(corpus.size(), 64);
            int index =
                    random.nextBoolean() ? random.nextInt(corpus.size()) : corpus.size() - 1 - random.nextInt(recent);
            byte[] input = target.mutate(corpus.get(index), mutator);
            if (count(feeding.feed(input), answers)) {
                corpus.add(input);
            }
            if ((i & 0x3ff) == 0) {
                progress.accept(i);
            }
        }
        progress.accept(inputs);
    }

    /** Whether the answer is new. */
    private static boolean count(String answer, Map<String, Long> answers) {
        String kind = kind(answer);
        if (answers.size() >= MAX_ANSWERS && !answers.containsKey(kind)) {
            return false;
        }
        return answers.merge(kind, 1L, Long::sum) == 1;
    }

    /** The text without numbers and without what stands in double quotes. */
    private static String kind(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c >= '0' && c <= '9') {
                boolean more = !plain.isEmpty() && plain.charAt(plain.length() - 1) == '#';
                plain.append(quoted || more ? "" : "#");
            } else if (!quoted) {
                plain.append(c);
            }
        }
        return plain.length() > MAX_ANSWER_LENGTH ? plain.substring(0, MAX_ANSWER_LENGTH) : plain.toString();
    }

    private FuzzFailure failure(Feeding.Finding finding, String origin) {
        Feeding.Finding small = smaller(finding);
        byte[] input = small.input();
        Path file =
                findings.resolve(target.name() + "-" + OctetTally.sha256(input).substring(0, 12) + ".bin");
        try {
            Files.createDirectories(findings);
            Files.write(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String hex = HexFormat.of().formatHex(input);
        return new FuzzFailure(
                target.name() + ": " + small.getMessage() + "\n  " + origin + "; input of " + input.length + " octets: "
                        + (hex.length() > SHOWN ? hex.substring(0, SHOWN) + "…" : hex)
                        + "\n  reproduce: make fuzz TARGET=" + target.name() + " INPUT=" + file.toAbsolutePath(),
                small.getCause(),
                file);
    }

    /** Leaves out what the finding does not need. A hang is left as it is: each try would hang, too. */
    private Feeding.Finding smaller(Feeding.Finding finding) {
        if (finding.getCause() == null || finding.isHang()) {
            return finding;
        }
        Feeding.Finding best = finding;
        int tries = 0;
        for (int size = best.input().length / 2; size > 0; size /= 2) {
            for (int at = 0; at + size <= best.input().length && tries < SMALLER_TRIES; tries++) {
                Feeding.Finding next = findingOf(without(best.input(), at, size));
                if (next != null && sameKind(next, finding)) {
                    best = next;
                } else {
                    at += size;
                }
            }
        }
        return best;
    }

    private static boolean sameKind(Feeding.Finding one, Feeding.Finding other) {
        return one.getCause() != null
                && other.getCause() != null
                && one.getCause().getClass() == other.getCause().getClass();
    }

    private Feeding.@Nullable Finding findingOf(byte[] input) {
        try (Feeding feeding = new Feeding(target)) {
            feeding.watch(() -> feeding.feed(input));
            return null;
        } catch (Feeding.Finding finding) {
            return finding;
        }
    }

    private static byte[] without(byte[] input, int at, int count) {
        byte[] less = new byte[input.length - count];
        System.arraycopy(input, 0, less, 0, at);
        System.arraycopy(input, at + count, less, at, less.length - at);
        return less;
    }
}
