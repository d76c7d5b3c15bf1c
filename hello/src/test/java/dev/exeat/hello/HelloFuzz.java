package dev.exeat.hello;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.hello.HelloProgress.NeedMore;
import dev.exeat.hello.HelloProgress.Refused;
import dev.exeat.model.HelloFacts;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HelloOracle;
import dev.exeat.testkit.RecordSplitter;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The reader and an independent parser agree on every input, whole and in any split, and nothing is changed. */
public final class HelloFuzz implements FuzzTarget {
    private static final int LIMIT = 2_048;

    @Override
    public String name() {
        return "hello";
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (HelloCase one : HelloCases.all()) {
            if (one.octets().length < LIMIT) {
                seeds.add(one.octets());
            }
        }
        byte[] message = ClientHelloBuilder.to("rich.wild.test")
                .alpn("h2", "http/1.1", "x")
                .grease()
                .groups(0x11eb, 0x1d)
                .ech(32)
                .message();
        for (String plan : List.of("*", "1,2,3,*", "40,*", "4,1,*", "3,1,1,1,*")) {
            seeds.add(new RecordSplitter().fragments(plan).split(message));
        }
        seeds.add(new RecordSplitter().size(64).split(message));
        return seeds;
    }

    @Override
    public int maxLength() {
        return 3 * LIMIT;
    }

    @Override
    public String feed(byte[] input) {
        HelloReader reader = new HelloReader(LIMIT);
        HelloProgress progress = reader.feed(ByteBuffer.wrap(input));
        Same.require("reader and oracle", verdict(progress), HelloOracle.judge(input, LIMIT));
        if (progress instanceof Complete) {
            Same.require("kept unchanged", ByteBuffer.wrap(reader.received()), ByteBuffer.wrap(input));
        }
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(input));
        Same.require("in parts", inParts(input, random, 1 + random.nextInt(300)), progress);
        return switch (progress) {
            case NeedMore _ -> "more";
            case Refused refused -> refused.detail();
            case Complete(HelloFacts facts, int end) ->
                "valid " + facts.versions().size() + " " + facts.ech() + facts.postQuantum()
                        + facts.alpn().isEmpty() + (end == input.length);
        };
    }

    static String verdict(HelloProgress progress) {
        return switch (progress) {
            case NeedMore _ -> "more";
            case Refused refused -> "refused " + refused.reason() + " " + refused.alert();
            case Complete(HelloFacts facts, int end) ->
                "valid " + facts.rawName() + " " + facts.versions() + " " + facts.alpn() + " " + facts.ech() + " "
                        + facts.postQuantum() + " " + facts.length() + " end=" + end;
        };
    }

    private static HelloProgress inParts(byte[] octets, SplittableRandom random, int most) {
        HelloReader reader = new HelloReader(LIMIT);
        HelloProgress progress = reader.feed(ByteBuffer.allocate(0));
        for (int at = 0; at < octets.length; ) {
            int count = Math.min(octets.length - at, 1 + random.nextInt(most));
            progress = reader.feed(ByteBuffer.wrap(octets, at, count));
            at += count;
        }
        return progress;
    }
}
