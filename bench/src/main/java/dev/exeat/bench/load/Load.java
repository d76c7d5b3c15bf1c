package dev.exeat.bench.load;

import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs jobs, one at a time, with clients on one event loop. Not thread-safe. */
public final class Load implements AutoCloseable {
    private final Credentials credentials;
    private final BlockingClients blocking;
    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "load"));
    private final EventLoop loop = loops.next();
    private @Nullable Holding holding;

    private record Holding(Held held, Way way) {}

    public Load(Credentials credentials) {
        this.credentials = credentials;
        this.blocking = new BlockingClients(credentials);
    }

    /** Waits until the job is done. */
    public Outcome run(Job job) throws InterruptedException {
        return switch (job.kind()) {
            case CONNECTIONS -> onLoop(job, new ClosedConnections());
            case PINGS -> onLoop(job, new Pings());
            case BULK -> onLoop(job, new Bulk());
            case RATE -> onLoop(job, new FixedRate());
            case OPEN -> hold(job);
            case CLOSE -> letGo();
            case RESUMPTIONS, FIRST_OCTET -> blocking.run(job);
        };
    }

    private Outcome onLoop(Job job, Work work) {
        Way way = way(job);
        Outcome outcome = begin(job, way, work).join();
        loop.execute(way::close);
        return outcome;
    }

    private Outcome hold(Job job) {
        letGo();
        Held held = new Held();
        Way way = way(job);
        holding = new Holding(held, way);
        return begin(job, way, held).join();
    }

    private Outcome letGo() {
        Holding open = holding;
        if (open != null) {
            holding = null;
            loop.execute(() -> {
                open.held().end();
                open.way().close();
            });
        }
        return new Tally().outcome();
    }

    private CompletableFuture<Outcome> begin(Job job, Way way, Work work) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        loop.execute(() -> work.begin(new Work.Stage(loop, way, job), tally -> outcome.complete(tally.outcome())));
        return outcome;
    }

    private Way way(Job job) {
        TcpWay tcp = new TcpWay(loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), job.port()));
        return switch (job.door()) {
            case PLAIN -> tcp;
            case MUTUAL_TLS -> new TlsWay(tcp, credentials.boringSsl());
            case HTTP2 -> new Http2Way(new TlsWay(tcp, credentials.boringSsl("h2")), job.authority());
            case CONNECT -> RequestWay.connect(tcp, job.authority());
            case CONNECT_TLS -> RequestWay.connect(new TlsWay(tcp, credentials.boringSsl("http/1.1")), job.authority());
            case SOCKS5 -> RequestWay.socks(tcp, job.authority());
        };
    }

    @Override
    public void close() {
        loops.close();
    }
}
