package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a system call does to a relay, the octets come through whole or the relay ends, and nothing is left. */
@Timeout(60)
class FaultsTest {
    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static SSLContext platform;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
        platform = certificates.platform("client");
    }

    private static TlsContext server(TlsLibrary library) throws Exception {
        return TlsContext.server(
                certificates.identity("server"), certificates.trustRoot(), new TlsOptions(List.of(), false, library));
    }

    private static SSLSocket secure(Socket plain, String version) throws IOException {
        SSLSocket socket = (SSLSocket) platform.getSocketFactory().createSocket(plain, "server", 443, true);
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static CompletableFuture<Boolean> sendLater(Socket to, byte[] bytes) {
        return RelayRig.async(() -> {
            to.getOutputStream().write(bytes);
            to.shutdownOutput();
            return true;
        });
    }

    /** Both ways at once; each end reads to the other's end. */
    private static void exchange(Socket client, Socket upstream, int length, long seed) throws Exception {
        byte[] up = random(length, seed);
        byte[] down = random(length, seed + 1);
        CompletableFuture<Boolean> sentDown = sendLater(upstream, down);
        CompletableFuture<byte[]> atUpstream =
                RelayRig.async(() -> upstream.getInputStream().readAllBytes());
        CompletableFuture<byte[]> atClient =
                RelayRig.async(() -> client.getInputStream().readNBytes(length));
        client.getOutputStream().write(up);

        assertThat(atClient.get(20, TimeUnit.SECONDS)).isEqualTo(down);
        assertThat(sentDown.get()).isTrue();
        client.shutdownOutput();
        assertThat(atUpstream.get(20, TimeUnit.SECONDS)).isEqualTo(up);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    private static void assertNothingLeft(FaultyKernel kernel) {
        assertThat(kernel.wrongs).isEmpty();
        assertThat(kernel.open).isEmpty();
        assertThat(kernel.faults()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, TLSv1.3, 1",
        "BORINGSSL, TLSv1.2, 2",
        "BORINGSSL, TLSv1.3, 3",
        "JSSE, TLSv1.3, 4",
        "JSSE, TLSv1.2, 5",
        "JSSE, TLSv1.3, 6"
    })
    void tls_carries_all_octets_over_short_and_refused_transfers(TlsLibrary library, String version, long seed)
            throws Exception {
        try (TlsContext context = server(library)) {
            FaultyRig rig = new FaultyRig(context, seed, -1);
            try (rig) {
                exchange(secure(rig.client, version), rig.upstream, 1_000_000, seed);

                assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("CLEAN");
                rig.awaitNothingWatched();
                assertThat(context.users()).isEqualTo(1);
            }
            assertNothingLeft(rig.kernel);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void splicing_carries_all_octets_over_short_and_refused_transfers(long seed) throws Exception {
        FaultyRig rig = new FaultyRig(null, seed, -1);
        try (rig) {
            exchange(rig.client, rig.upstream, 5_000_000, seed);

            assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("CLEAN");
            rig.awaitNothingWatched();
        }
        assertNothingLeft(rig.kernel);
    }

    /** At every one of the first transfers, which are those of the handshake, and at some of the later ones. */
    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_reset_at_any_moment_ends_tls_and_leaves_nothing(TlsLibrary library) throws Exception {
        try (TlsContext context = server(library)) {
            for (int at = 1; at < 60; at += at < 14 ? 1 : 9) {
                FaultyRig rig = new FaultyRig(context, at, at);
                try (rig) {
                    SSLSocket client = secure(rig.client, "TLSv1.3");
                    assertBreaks(client, rig.upstream);
                    assertThat(rig.ends.poll(10, TimeUnit.SECONDS))
                            .as("reset at %s", at)
                            .isIn("RESET", "CLIENT_RESET", "UPSTREAM_RESET");
                    rig.awaitNothingWatched();
                }
                assertThat(context.users()).as("reset at %s", at).isEqualTo(1);
                assertNothingLeft(rig.kernel);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 20, 50, 100})
    @Case("R16")
    void a_reset_at_any_moment_ends_a_splice_and_leaves_nothing(int at) throws Exception {
        FaultyRig rig = new FaultyRig(null, at, at);
        try (rig) {
            assertBreaks(rig.client, rig.upstream);
            assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isIn("CLIENT_RESET", "UPSTREAM_RESET");
            rig.awaitNothingWatched();
        }
        assertNothingLeft(rig.kernel);
    }

    /** More than any buffer takes, so that it can't go unnoticed. */
    private static void assertBreaks(Socket client, Socket upstream) {
        RelayRig.async(() -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
        RelayRig.async(() -> {
            client.getOutputStream().write(new byte[20_000_000]);
            return true;
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                return client.getInputStream().read(new byte[65536]) < 0;
            } catch (IOException e) {
                return true;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_closed_loop_frees_the_sessions_of_its_streams(TlsLibrary library) throws Exception {
        try (TlsContext context = server(library)) {
            FaultyRig rig = new FaultyRig(context, 9, -1);
            try (rig) {
                secure(rig.client, "TLSv1.3").startHandshake();
                rig.clientStream.get(10, TimeUnit.SECONDS);
                assertThat(context.users()).isEqualTo(2);
            }
            assertThat(context.users()).isEqualTo(1);
            assertThat(rig.kernel.wrongs).isEmpty();
            assertThat(rig.kernel.open).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void use_from_a_foreign_thread_or_after_the_close_is_an_error(TlsLibrary library) throws Exception {
        try (TlsContext context = server(library);
                FaultyRig rig = new FaultyRig(context, 10, -1)) {
            secure(rig.client, "TLSv1.3").startHandshake();
            ByteStream stream = rig.clientStream.get(10, TimeUnit.SECONDS);
            IoBuffer buffer = onLoop(rig, () -> stream.loop().scratch()).get();
            ByteBuffer bytes = ByteBuffer.allocate(1);
            List<ThrowingCallable> carrying =
                    List.of(() -> stream.read(buffer), () -> stream.write(bytes), stream::finish);
            for (ThrowingCallable call : carrying) {
                assertThatIllegalStateException().isThrownBy(call);
            }
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(stream::end, stream::reset, () -> stream.handler(TcpStream.UNHEARD))) {
                assertThatIllegalStateException().isThrownBy(call);
            }

            onLoop(rig, () -> {
                        stream.reset();
                        for (ThrowingCallable call : carrying) {
                            assertThatExceptionOfType(StreamException.class)
                                    .isThrownBy(call)
                                    .withMessage("the stream is closed");
                        }
                        stream.handler(TcpStream.UNHEARD);
                        stream.end();
                        stream.reset();
                        return stream.isClosed();
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(context.users()).isEqualTo(1);
            assertThat(rig.kernel.wrongs).isEmpty();
        }
    }

    private static <T> CompletableFuture<T> onLoop(FaultyRig rig, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        rig.run(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
