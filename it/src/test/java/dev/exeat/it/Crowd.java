package dev.exeat.it;

import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.PeerVerdict;
import dev.exeat.net.TlsContext;
import dev.exeat.net.TlsIdentity;
import dev.exeat.net.TlsOptions;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.SvidMint;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Very many clients of all habits, good and bad, on a few event loops: so many at a time, each once. What the gateway
 * owes each of them is checked.
 */
final class Crowd implements AutoCloseable {
    static final String HOST = "crowd.example";
    static final byte[] HELLO = ClientHelloBuilder.to(HOST).records();
    static final byte[] DENIED = ClientHelloBuilder.to("denied.example").records();

    private final EventLoops loops = EventLoops.start(new LoopOptions(2, "crowd"));
    private final Doors doors;

    /** Where clients come in, and with what TLS. */
    record Doors(InetSocketAddress plain, InetSocketAddress tunnel, TlsContext http1, TlsContext http2) {}

    Crowd(InetSocketAddress plain, InetSocketAddress tunnel, SvidMint.Svid identity) throws Exception {
        this.doors = new Doors(plain, tunnel, context(identity, "http/1.1"), context(identity, "h2"));
    }

    private static TlsContext context(SvidMint.Svid identity, String alpn) throws Exception {
        List<byte[]> chain = new ArrayList<>();
        try (InputStream in = Files.newInputStream(identity.certificate())) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                chain.add(certificate.getEncoded());
            }
        }
        return TlsContext.client(
                new TlsIdentity(chain, key(identity.key())), _ -> PeerVerdict.OK, new TlsOptions(List.of(alpn)));
    }

    private static byte[] key(Path file) throws Exception {
        return Base64.getMimeDecoder().decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", ""));
    }

    /** What became of those who came. */
    record Visits(int made, List<String> failures) {}

    /** Sends so many through the gateway, and waits for the last. */
    Visits send(int count, int atOnce) throws InterruptedException {
        Turn turn = new Turn(count);
        for (int i = 0; i < atOnce; i++) {
            EventLoop loop = loops.next();
            loop.execute(() -> turn.next(loop));
        }
        if (!turn.over.await(10, TimeUnit.MINUTES)) {
            turn.failures.add(turn.over.getCount() + " clients never ended");
        }
        return new Visits(count, List.copyOf(turn.failures));
    }

    private final class Turn {
        private final int count;
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch over;
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

        Turn(int count) {
            this.count = count;
            this.over = new CountDownLatch(count);
        }

        void next(EventLoop loop) {
            int number = begun.getAndIncrement();
            if (number >= count) {
                return;
            }
            Habit habit = Habit.of(number);
            Consumer<String> ended = failure -> {
                if (!failure.isEmpty() && failures.size() < 20) {
                    failures.add(habit + ": " + failure);
                }
                over.countDown();
                // Not at once: a refusal that comes within the call would never let the loop turn.
                loop.execute(() -> next(loop));
            };
            new Visitor(loop, doors, habit, ended).begin();
        }
    }

    /** How long a client waits for what it is owed. */
    static Duration patience() {
        return Duration.ofMinutes(2);
    }

    @Override
    public void close() {
        loops.close();
        doors.http1().close();
        doors.http2().close();
    }
}
