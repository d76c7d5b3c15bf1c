package dev.exeat.proxy.h2;

import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Mutator;
import dev.exeat.testkit.fuzz.Same;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a client sends after the preface, the server comes to rest, does no more than {@link H2Model} allows, ends
 * with a GOAWAY or goes on, leaves no timer behind, and judges the same in any split into reads.
 */
public final class H2ServerFuzz implements FuzzTarget {
    private static final byte[] ESTABLISHED_DATA = "hello".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public List<byte[]> seeds() {
        byte[] settings = RawPeer.frame(Frame.SETTINGS, 0, 0);
        byte[] acknowledged = RawPeer.frame(Frame.SETTINGS, 1, 0);
        byte[] connect = RawPeer.connect(1);
        byte[] data = RawPeer.frame(Frame.DATA, 0, 1, ESTABLISHED_DATA);
        byte[] fields = RawPeer.fields(":method", "CONNECT", ":authority", "refuse.test:443", "user-agent", "x");
        return List.of(
                joined(settings, acknowledged, connect, data, RawPeer.frame(Frame.DATA, 1, 1)),
                joined(settings, connect, data, RawPeer.frame(Frame.RST_STREAM, 0, 1, RawPeer.number(8))),
                joined(
                        settings,
                        RawPeer.frame(Frame.HEADERS, 4, 1, fields),
                        RawPeer.frame(Frame.PING, 0, 0, new byte[8])),
                joined(
                        settings,
                        RawPeer.frame(Frame.HEADERS, 0, 1, Arrays.copyOf(fields, 9)),
                        RawPeer.frame(Frame.CONTINUATION, 4, 1, Arrays.copyOfRange(fields, 9, fields.length))),
                joined(
                        RawPeer.frame(Frame.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 3, 0, 5, 0, 0, 0x40, 0}),
                        connect,
                        data,
                        RawPeer.frame(Frame.WINDOW_UPDATE, 0, 1, RawPeer.number(2)),
                        RawPeer.frame(Frame.WINDOW_UPDATE, 0, 0, RawPeer.number(100))),
                joined(settings, connect, RawPeer.connect(3), RawPeer.connect(5), data, RawPeer.connect(7)),
                joined(
                        settings,
                        RawPeer.frame(
                                Frame.HEADERS,
                                5,
                                1,
                                RawPeer.fields(":method", "GET", ":path", "/", ":scheme", "https")),
                        RawPeer.frame(Frame.GOAWAY, 0, 0, new byte[8])),
                joined(settings, connect, RawPeer.frame(Frame.DATA, 8, 1, (byte) 2, (byte) 9, (byte) 0, (byte) 0)),
                joined(settings, RawPeer.frame(Frame.PRIORITY, 0, 1, new byte[5]), RawPeer.frame(0x42, 0, 0, (byte)
                        1)));
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    @Override
    public int maxLength() {
        return 4_096;
    }

    @Override
    public long maxAllocated(int length) {
        // The tests' own streams in memory copy what they hold with every read.
        return 64L * 1024 * 1024;
    }

    /** Mostly frame by frame: dropped, doubled, swapped, taken from others, changed within a length that fits. */
    @Override
    public byte[] mutate(byte[] input, Mutator mutator) {
        List<H2Model.RawFrame> frames = new ArrayList<>(H2Model.frames(input));
        if (frames.isEmpty() || mutator.oneIn(4)) {
            return mutator.mutate(input);
        }
        for (int left = 1 + mutator.below(4); left > 0 && !frames.isEmpty(); left--) {
            int at = mutator.below(frames.size());
            H2Model.RawFrame frame = frames.get(at);
            switch (mutator.below(7)) {
                case 0 -> frames.remove(at);
                case 1 -> frames.add(mutator.below(frames.size() + 1), frame);
                case 2 -> frames.addAll(at, some(H2Model.frames(mutator.pick(seeds())), mutator));
                case 3 -> frames.set(at, with(frame, mutator.below(12), frame.flags(), frame.stream()));
                case 4 -> frames.set(at, with(frame, frame.type(), 1 << mutator.below(6), frame.stream()));
                case 5 -> frames.set(at, with(frame, frame.type(), frame.flags(), mutator.below(9)));
                default ->
                    frames.set(
                            at,
                            new H2Model.RawFrame(
                                    frame.type(), frame.flags(), frame.stream(), mutator.mutate(frame.payload())));
            }
        }
        byte[] octets = joined(frames.stream().map(H2Model.RawFrame::octets).toArray(byte[][]::new));
        return octets.length > maxLength() ? Arrays.copyOf(octets, maxLength()) : octets;
    }

    private static List<H2Model.RawFrame> some(List<H2Model.RawFrame> frames, Mutator mutator) {
        int from = mutator.below(frames.size());
        return List.copyOf(frames.subList(from, from + 1 + mutator.below(frames.size() - from)));
    }

    private static H2Model.RawFrame with(H2Model.RawFrame frame, int type, int flags, int stream) {
        return new H2Model.RawFrame(type, flags, stream, frame.payload());
    }

    @Override
    public List<byte[]> tokens() {
        return List.of(
                RawPeer.connect(1),
                RawPeer.connect(3),
                RawPeer.frame(Frame.SETTINGS, 0, 0),
                RawPeer.frame(Frame.DATA, 0, 1, (byte) 1),
                RawPeer.frame(Frame.WINDOW_UPDATE, 0, 0, RawPeer.number(1)),
                RawPeer.frame(Frame.RST_STREAM, 0, 1, RawPeer.number(0)),
                new byte[] {(byte) 0x82},
                new byte[] {0x3f, (byte) 0xe1, 0x1f},
                new byte[] {0x40},
                new byte[] {0x7f, (byte) 0x80, 1});
    }

    @Override
    public String feed(byte[] input) {
        H2Model model = new H2Model(input);
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(input));
        Talk whole = new Talk(input, Integer.MAX_VALUE, model);
        Talk parts = new Talk(input, 1 + random.nextInt(40), model);
        // A client that goes away is let go when its last stream ends, whatever it has sent behind that.
        if (!model.goesAway()) {
            Same.require("judged in parts", parts.judgement(), whole.judgement());
        }
        return whole.judgement().replaceAll("[a-z0-9]*\\.test", "");
    }

    /** One connection from its preface to its end. */
    private static final class Talk implements H2ServerHandler {
        private final List<String> told = new ArrayList<>();
        private final List<Flow> flows = new ArrayList<>();
        private final RawPeer peer;

        private @Nullable H2Closed closed;
        private int requests;

        Talk(byte[] input, int step, H2Model model) {
            FakeTasks tasks = new FakeTasks();
            MemoryStream[] ends = MemoryStream.pair(tasks, 256 * 1024, step);
            H2ServerConnection.start(ends[0], H2Limits.defaults(), this, tasks, new H2Buffers());
            peer = new RawPeer(tasks, ends[1]);
            peer.write(FrameWriter.PREFACE).write(input).run();
            if (peer.goneAway() > 0) {
                Same.require("told of the end", closed != null, true);
                Same.require("an end", ends[0].isEnded() || ends[0].isClosed(), true);
            }
            model.check(peer.seen, requests);
            long received =
                    flows.stream().mapToLong(flow -> flow.received.size()).sum();
            Same.require("no more than was sent", received <= input.length, true);
            ends[1].end();
            tasks.advance(Duration.ofMinutes(5));
            Same.require("told of the end", closed != null, true);
            Same.require("timers left", tasks.pendingTimers(), 0);
        }

        @Override
        public void connect(H2ConnectRequest request) {
            requests++;
            told.add("connect " + request.authority());
            if (request.authority().startsWith("refuse")) {
                request.refuse(403, "{}".getBytes(StandardCharsets.US_ASCII));
            } else if (!request.authority().startsWith("wait")) {
                Flow flow = new Flow(request.accept());
                flow.echo = true;
                flows.add(flow);
                flow.resume();
            }
        }

        @Override
        public void refused(int status, String detail) {
            requests++;
            told.add("refused " + status + " " + detail);
        }

        @Override
        public void closed(H2Closed how) {
            Same.require("closed once", closed == null, true);
            closed = how;
        }

        String judgement() {
            String resets = peer.of(Frame.RST_STREAM).stream()
                    .map(frame -> frame.stream() + ":" + frame.number(0))
                    .sorted()
                    .collect(Collectors.joining(","));
            return told + " away " + peer.goneAway() + " resets " + resets;
        }
    }
}
