package dev.exeat.proxy.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.proxy.h2.OpenHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayPoolTest {
    private static final InetSocketAddress FIRST = new InetSocketAddress("127.0.0.1", 1);
    private static final InetSocketAddress SECOND = new InetSocketAddress("127.0.0.1", 2);

    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "test"));
    private final EventLoop loop = loops.next();
    private final AtomicInteger ready = new AtomicInteger();
    private final List<Scripted> dialled = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        loops.close();
    }

    /** A carrier that does what the test says. */
    private static final class Scripted implements Carrier {
        private final InetSocketAddress gateway;
        private final Owner owner;
        private final List<String> opened = new CopyOnWriteArrayList<>();
        private volatile int room = 100;
        private volatile boolean drained;

        Scripted(InetSocketAddress gateway, Owner owner) {
            this.gateway = gateway;
            this.owner = owner;
        }

        @Override
        public int available() {
            return room;
        }

        @Override
        public void open(String authority, OpenHandler handler) {
            opened.add(authority);
        }

        @Override
        public void drain() {
            drained = true;
        }

        @Override
        public void close() {}
    }

    private static final class Answers implements OpenHandler {
        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void opened(ByteStream tunnel) {
            told.add("opened");
        }

        @Override
        public void refused(int status, byte[] body) {
            told.add("refused");
        }

        @Override
        public void failed(boolean untouched, String detail) {
            told.add(detail);
        }
    }

    private GatewayPool pool(InetSocketAddress... gateways) {
        Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(10), new Random(1));
        GatewayPool pool = new GatewayPool(
                loop,
                List.of(gateways),
                (eventLoop, gateway, owner) -> {
                    Scripted carrier = new Scripted(gateway, owner);
                    dialled.add(carrier);
                    return carrier;
                },
                backoff,
                ready);
        loop.execute(pool::start);
        await().until(() -> dialled.size() == 1);
        return pool;
    }

    private void on(Runnable task) {
        loop.execute(task);
    }

    @Test
    void opens_a_connection_ahead_and_counts_it_ready() {
        pool(FIRST);
        on(() -> dialled.getFirst().owner.ready(dialled.getFirst()));

        await().until(() -> ready.get() == 1);
        on(() -> dialled.getFirst().owner.failed(dialled.getFirst(), "gone"));
        await().until(() -> ready.get() == 0 && dialled.size() == 2);
    }

    @Test
    void a_tunnel_waits_for_the_first_connection() {
        GatewayPool pool = pool(FIRST);
        on(() -> pool.open("en.wikipedia.org:443", new Answers()));
        on(() -> dialled.getFirst().owner.ready(dialled.getFirst()));

        await().until(() -> dialled.getFirst().opened.equals(List.of("en.wikipedia.org:443")));
    }

    @Test
    void a_dead_gateway_is_followed_by_the_next_at_once() {
        pool(FIRST, SECOND);
        on(() -> dialled.getFirst().owner.failed(dialled.getFirst(), "connection refused"));

        await().until(() -> dialled.size() == 2);
        assertThat(dialled.get(1).gateway).isEqualTo(SECOND);
    }

    @Test
    void a_nearly_full_connection_has_a_successor_before_it_is_full() {
        GatewayPool pool = pool(FIRST);
        Scripted first = dialled.getFirst();
        on(() -> first.owner.ready(first));
        first.room = Carrier.NEARLY_FULL - 1;
        on(() -> pool.open("a.test:443", new Answers()));

        await().until(() -> dialled.size() == 2);
        assertThat(first.opened).containsExactly("a.test:443");
    }

    @Test
    void a_renewal_drains_the_old_connection_only_when_the_new_one_is_open() {
        GatewayPool pool = pool(FIRST);
        Scripted old = dialled.getFirst();
        on(() -> old.owner.ready(old));
        on(pool::renew);
        await().until(() -> dialled.size() == 2);
        assertThat(old.drained).isFalse();
        on(() -> dialled.get(1).owner.ready(dialled.get(1)));

        await().until(() -> old.drained);
        on(() -> pool.open("a.test:443", new Answers()));
        await().until(() -> dialled.get(1).opened.size() == 1);
    }

    @Test
    void a_renewal_is_tried_again_until_a_connection_of_the_new_svid_is_open() {
        GatewayPool pool = pool(FIRST);
        Scripted old = dialled.getFirst();
        on(() -> old.owner.ready(old));
        on(pool::renew);
        await().until(() -> dialled.size() == 2);
        on(() -> dialled.get(1).owner.failed(dialled.get(1), "connection refused"));

        await().until(() -> dialled.size() == 3);
        assertThat(old.drained).isFalse();
        on(() -> dialled.get(2).owner.ready(dialled.get(2)));
        await().until(() -> old.drained);
    }

    @Test
    void a_connection_that_was_being_opened_at_the_renewal_is_replaced_too() {
        GatewayPool pool = pool(FIRST);
        Scripted old = dialled.getFirst();
        on(pool::renew);
        on(() -> old.owner.ready(old));

        await().until(() -> dialled.size() == 2);
        assertThat(old.drained).isFalse();
        on(() -> dialled.get(1).owner.ready(dialled.get(1)));
        await().until(() -> old.drained);
        on(() -> pool.open("a.test:443", new Answers()));
        await().until(() -> dialled.get(1).opened.size() == 1);
    }

    @Test
    void what_waits_when_the_pool_closes_is_told() {
        GatewayPool pool = pool(FIRST);
        Answers answers = new Answers();
        on(() -> pool.open("a.test:443", answers));
        on(pool::close);

        await().until(() -> answers.told.equals(List.of("the workload proxy is shutting down")));
    }
}
