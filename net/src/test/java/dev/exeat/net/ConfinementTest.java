package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Use after a close, or on a foreign thread, is an error that is thrown; no freed memory or foreign descriptor is touched. */
@Timeout(30)
class ConfinementTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "confined"));
    private final EventLoop loop = loops.next();
    private final BlockingQueue<TcpStream> accepted = new LinkedBlockingQueue<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    @AfterEach
    void close() {
        loops.close();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    private TcpStream connected() throws Exception {
        Listener listener = loops.listen(TlsRig.ANY, accepted::add);
        onLoop(() -> loop.connect(listener.address(), new ConnectHandler() {
            @Override
            public void connected(TcpStream stream) {}

            @Override
            public void failed(java.io.IOException e) {}
        }));
        return accepted.poll(10, TimeUnit.SECONDS);
    }

    private static void assertForeign(ThrowingCallable... calls) {
        for (ThrowingCallable call : calls) {
            assertThatIllegalStateException().isThrownBy(call).withMessageContaining("outside the thread");
        }
    }

    private static void assertClosed(ThrowingCallable... calls) {
        for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(StreamException.class).isThrownBy(call).withMessage("the stream is closed");
        }
    }

    @Test
    void a_connection_belongs_to_its_thread() throws Exception {
        TcpStream stream = connected();
        IoBuffer buffer = IoBuffer.allocate(64);

        assertForeign(
                () -> stream.read(buffer),
                () -> stream.write(ByteBuffer.allocate(1)),
                stream::finish,
                stream::end,
                stream::reset,
                stream::local,
                () -> stream.handler(TcpStream.UNHEARD));
    }

    @Test
    void a_closed_connection_says_so() throws Exception {
        TcpStream stream = connected();
        IoBuffer buffer = IoBuffer.allocate(64);

        onLoop(() -> {
            stream.reset();
            assertClosed(
                    () -> stream.read(buffer),
                    () -> stream.write(ByteBuffer.allocate(1)),
                    () -> stream.write(ByteBuffer.allocateDirect(1)),
                    stream::finish,
                    stream::local,
                    stream::acknowledge);
            stream.end();
            stream.reset();
            return stream;
        });
    }

    @Test
    void the_loop_and_its_timers_and_attempts_belong_to_its_thread() throws Exception {
        dev.exeat.net.Timeout timer = onLoop(() -> loop.schedule(LONG, () -> {}));
        Connecting attempt = onLoop(() -> loop.connect(TlsRig.ANY, new ConnectHandler() {
            @Override
            public void connected(TcpStream stream) {}

            @Override
            public void failed(java.io.IOException e) {}
        }));

        assertForeign(
                timer::cancel,
                attempt::cancel,
                loop::scratch,
                () -> loop.schedule(LONG, () -> {}),
                () -> loop.shared(String.class, String::new));
        onLoop(() -> {
            timer.cancel();
            timer.cancel();
            return timer;
        });
    }

    @Test
    void a_relay_belongs_to_its_thread() throws Exception {
        TcpStream one = connected();
        TcpStream other = connected();
        RelayHandler unheard = (relay, end) -> {};
        Relay relay = onLoop(() -> Relay.start(one, other, RelayRig.plain(), unheard));

        assertForeign(relay::cut, relay::idle, () -> Relay.start(one, other, RelayRig.plain(), unheard));
        onLoop(() -> {
            relay.cut();
            relay.cut();
            return relay.bytesFromClient() + relay.bytesFromUpstream();
        });
        assertThat(one.isClosed() && other.isClosed()).isTrue();
    }

    /** Native code would write to memory that is another's by now, or end the process. */
    @Test
    void memory_that_is_released_is_never_read_or_written() throws Exception {
        TcpStream stream = connected();
        IoBuffer buffer;
        ByteBuffer bytes;
        try (Arena arena = Arena.ofShared()) {
            buffer = IoBuffer.allocate(arena, 64);
            bytes = arena.allocate(64).asByteBuffer();
        }

        onLoop(() -> {
            assertThatIllegalStateException().isThrownBy(() -> stream.read(buffer));
            assertThatIllegalStateException().isThrownBy(() -> stream.write(bytes));
            return stream;
        });
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void tls_over_a_closed_connection_is_refused_and_holds_nothing(TlsLibrary library) throws Exception {
        TcpStream stream = connected();
        try (TlsContext context = context(library, certificates.trustRoot())) {
            onLoop(() -> {
                stream.reset();
                assertClosed(() -> TlsStream.accept(context, stream, LONG, new Unheard()));
                return stream;
            });
            assertForeign(() -> TlsStream.accept(context, stream, LONG, new Unheard()));
            assertThat(context.users()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_closed_context_makes_no_session(TlsLibrary library) throws Exception {
        TcpStream stream = connected();
        TlsContext context = context(library, certificates.trustRoot());
        context.close();
        context.close();

        onLoop(() -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> TlsStream.accept(context, stream, LONG, new Unheard()))
                    .withMessage("the TLS context is closed");
            return stream;
        });
    }

    /** The session must outlive the native call that asks the judge, who ends it in the meantime. */
    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_judge_may_end_the_connection_that_is_judged(TlsLibrary library) throws Exception {
        BlockingQueue<TlsStream> streams = new LinkedBlockingQueue<>();
        PeerVerifier judge = chain -> {
            streams.remove().reset();
            return PeerVerdict.OK;
        };
        try (TlsContext context = context(library, judge)) {
            Listener listener =
                    loops.listen(TlsRig.ANY, tcp -> streams.add(TlsStream.accept(context, tcp, LONG, new Unheard())));
            for (int i = 0; i < 50; i++) {
                try (var client = certificates
                        .platform("client")
                        .getSocketFactory()
                        .createSocket(
                                TlsRig.ANY.getAddress(), listener.address().getPort())) {
                    assertThatExceptionOfType(java.io.IOException.class).isThrownBy(() -> {
                        client.getOutputStream().write(1);
                        client.getInputStream().read();
                        throw new java.io.IOException("ended in order");
                    });
                }
            }
            assertThat(onLoop(context::users)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_freed_session_is_not_used_any_more(TlsLibrary library) throws Exception {
        try (TlsContext context = context(library, certificates.trustRoot())) {
            TlsSession session = context.join("", () -> {});
            session.free();
            session.free();
            context.leave();
            if (library == TlsLibrary.BORINGSSL) {
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        session::handshake,
                        session::facts,
                        session::closeNotify,
                        session::hasOutput,
                        session::inputLeft,
                        session::clearInput,
                        () -> session.read(0, 1),
                        () -> session.write(0, 1, 0, 1),
                        () -> session.drain(0, 1),
                        () -> session.flush(0, 1),
                        () -> session.input(0, 1))) {
                    assertThatIllegalStateException().isThrownBy(call).withMessage("the TLS session is freed");
                }
            }
        }
    }

    @Test
    void closed_loops_and_ports_give_nothing_away() throws Exception {
        EventLoops others = EventLoops.start(new LoopOptions(2, "closed"));
        EventLoops.Ports port = (EventLoops.Ports) others.listen(TlsRig.ANY, TcpStream::reset);
        port.close();
        others.close();

        assertThatIllegalStateException().isThrownBy(port::sockets);
        assertThatIllegalStateException()
                .isThrownBy(() -> others.listen(port.address(), TcpStream::reset))
                .withMessage("the event loops are closed");
        // The sockets are closed, too: the address is free for others.
        loops.listen(port.address(), TcpStream::reset).close();
    }

    private static TlsContext context(TlsLibrary library, PeerVerifier judge) throws Exception {
        return TlsContext.server(certificates.identity("server"), judge, new TlsOptions(List.of(), false, library));
    }

    private record Unheard() implements TlsHandler {
        @Override
        public void established(TlsStream stream) {}

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {}
    }
}
