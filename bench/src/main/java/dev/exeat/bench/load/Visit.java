package dev.exeat.bench.load;

import dev.exeat.bench.wire.AppTls;
import dev.exeat.net.ByteStream;
import org.jspecify.annotations.Nullable;

/** One whole connection: open, hello, answer, and, unless it is told to stay, request, response, close. Confined to its loop. */
final class Visit implements Way.Opened {

    /** What came of it; one of the two ends is called, once. */
    interface Life {
        /** The answer to the hello has come. */
        void answered(Visit visit);

        void ended();

        void failed(String detail);
    }

    private static final byte[] HELLO = AppTls.clientHello(AppTls.HOST);
    private static final byte[] PING = AppTls.ping();

    private final Tally tally;
    private final Life life;
    private final long began = System.nanoTime();
    private @Nullable Talk talk;
    private boolean left;

    private Visit(Tally tally, Life life) {
        this.tally = tally;
        this.life = life;
    }

    static void begin(Way way, Tally tally, Life life) {
        way.open(new Visit(tally, life));
    }

    @Override
    public void opened(ByteStream stream) {
        Talk opened = new Talk(stream, this::failed);
        talk = opened;
        opened.ask(HELLO, Expected.octets(AppTls.ANSWER), () -> {
            tally.answeredAfter(System.nanoTime() - began);
            life.answered(this);
        });
    }

    @Override
    public void failed(String detail) {
        if (!left) {
            tally.failed(detail);
            life.failed(detail);
        }
    }

    /** Leaves it open; how it ends is not told any more. */
    void leave() {
        left = true;
    }

    /** Once it is answered. */
    Talk talk() {
        Talk open = talk;
        if (open == null) {
            throw new IllegalStateException("the connection is not open yet");
        }
        return open;
    }

    void ping(Runnable then) {
        talk().ask(PING, Expected.octets(AppTls.RESPONSE), then);
    }

    /** The rest of a connection. */
    void finish() {
        ping(() -> {
            talk().end();
            tally.done();
            life.ended();
        });
    }
}
