package dev.exeat.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.DnsStub;
import dev.exeat.testkit.DnsZone;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ResolverTest {
    private static final String U1 = "127.0.10.1";

    private final DnsStub stub = DnsStub.start(DnsZone.withUpstream(U1));
    private final AtomicLong clock = new AtomicLong();
    private final List<String> ignored = new CopyOnWriteArrayList<>();
    private final List<ResolverObserver.Source> sources = new CopyOnWriteArrayList<>();
    private final List<Duration> times = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        stub.close();
    }

    private Resolver resolver() {
        return resolver(options());
    }

    private ResolverOptions options() {
        return new ResolverOptions(List.of(stub.address()), Duration.ofSeconds(2), Duration.ofMillis(500), 100, 1000);
    }

    private Resolver resolver(ResolverOptions options) {
        return resolver(options, clock::get);
    }

    private Resolver resolver(ResolverOptions options, LongSupplier nanos) {
        Resolver resolver = new Resolver(options, nanos, new ResolverObserver() {
            @Override
            public void resolved(ServerName name, Resolution resolution, Source source, Duration took) {
                sources.add(source);
                times.add(took);
            }

            @Override
            public void ignored(ServerName name, String why) {
                ignored.add(why);
            }
        });
        open.add(resolver);
        return resolver;
    }

    private static Resolution resolve(Resolver resolver, String name) {
        CompletableFuture<Resolution> future = new CompletableFuture<>();
        resolver.resolve(ServerName.parse(name), future::complete);
        return future.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static List<String> addresses(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
        return ((Resolution.Resolved) resolution)
                .addresses().stream().map(IpAddress::toString).toList();
    }

    private static Reason reason(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Resolution.Failed.class);
        return ((Resolution.Failed) resolution).reason();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void asks_nothing_before_it_is_asked() {
        try (Resolver resolver = resolver()) {
            assertThat(resolver.cached(ServerName.parse("allowed.test"))).isNull();
            assertThat(stub.queries()).isEmpty();
        }
    }

    @Test
    void asks_for_both_families_and_nothing_else() {
        assertThat(addresses(resolve(resolver(), "allowed.test"))).containsExactly(U1);
        assertThat(stub.queries()).extracting(DnsStub.Query::type).containsExactlyInAnyOrder(1, 28);
        assertThat(stub.queries()).extracting(DnsStub.Query::name).containsOnly("allowed.test");
    }

    @Test
    void gives_the_families_in_turn() {
        stub.put("both.test", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1");
        assertThat(addresses(resolve(resolver(), "both.test")))
                .containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    }

    @ParameterizedTest
    @CsvSource({"nx.test", "unknown.example"})
    void says_that_a_name_does_not_exist(String name) {
        assertThat(reason(resolve(resolver(), name))).isEqualTo(Reason.DNS_NXDOMAIN);
    }

    @Test
    void says_that_a_name_has_no_addresses() {
        stub.put("empty.test");
        Resolution resolution = resolve(resolver(), "empty.test");
        assertThat(reason(resolution)).isEqualTo(Reason.DNS_NXDOMAIN);
        assertThat(((Resolution.Failed) resolution).detail()).contains("no addresses");
    }

    @Test
    void says_that_servers_fail() {
        Resolution resolution = resolve(resolver(), "sf.test");
        assertThat(reason(resolution)).isEqualTo(Reason.DNS_ERROR);
        assertThat(((Resolution.Failed) resolution).detail()).contains("SERVFAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent.test", "junk.test", "trunc.test", "loopptr.test"})
    void gives_up_in_time_when_no_right_answer_comes(String name) {
        long start = System.nanoTime();
        Resolution resolution = resolve(resolver(), name);
        assertThat(resolution).isInstanceOf(Resolution.Failed.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2500));
    }

    @Test
    void passes_forged_answers_over_until_the_right_one_comes() {
        assertThat(addresses(resolve(resolver(), "forge.test"))).containsExactly(U1);
        assertThat(ignored).isNotEmpty();
    }

    @Test
    void asks_over_tcp_when_the_answer_is_cut() {
        assertThat(addresses(resolve(resolver(), "tc.test"))).containsExactly(U1);
        assertThat(stub.queries()).anyMatch(DnsStub.Query::overTcp);
    }

    private Resolver resolver(DnsLimits limits) {
        return resolver(ResolverOptions.of(List.of(stub.address()), Duration.ofSeconds(4), limits));
    }

    @Test
    void takes_answers_up_to_its_limits_and_refuses_what_is_beyond() {
        stub.put(
                "hundred.test",
                IntStream.range(0, 100).mapToObj(i -> "192.0.2." + i).toArray(String[]::new));

        assertThat(addresses(resolve(resolver(), "big.test"))).hasSize(200);
        assertThat(addresses(resolve(resolver(new DnsLimits(16_384, 200, 8)), "big.test")))
                .hasSize(200);
        assertThat(reason(resolve(resolver(new DnsLimits(16_384, 199, 8)), "big.test")))
                .isEqualTo(Reason.DNS_TOO_MANY);
        assertThat(reason(resolve(resolver(new DnsLimits(3_000, 256, 8)), "big.test")))
                .as("over TCP")
                .isEqualTo(Reason.DNS_TOO_LARGE);
        assertThat(reason(resolve(resolver(new DnsLimits(1_024, 256, 8)), "hundred.test")))
                .as("in a datagram")
                .isEqualTo(Reason.DNS_TOO_LARGE);
    }

    @Test
    void follows_no_more_cnames_than_its_limit() {
        Resolver resolver = resolver(new DnsLimits(16_384, 256, 3));

        assertThat(resolve(resolver, "deep3.test")).isInstanceOf(Resolution.Resolved.class);
        assertThat(reason(resolve(resolver, "deep4.test"))).isEqualTo(Reason.DNS_TOO_DEEP);
    }

    @Test
    void follows_a_chain_of_cnames_and_tells_it() {
        Resolution.Resolved resolved = (Resolution.Resolved) resolve(resolver(), "cnpriv.test");
        assertThat(addresses(resolved)).containsExactly("10.0.0.5");
        assertThat(resolved.cnames()).containsExactly("int.corp.test");
        assertThat(resolve(resolver(), "deep7.test")).isInstanceOf(Resolution.Resolved.class);
        assertThat(resolve(resolver(), "deep8.test")).isInstanceOf(Resolution.Resolved.class);
    }

    @ParameterizedTest
    @CsvSource({"cloop.test,loop,DNS_ERROR", "deep9.test,longer,DNS_TOO_DEEP", "deep20.test,longer,DNS_TOO_DEEP"})
    void refuses_chains_that_loop_or_are_long(String name, String word, Reason reason) {
        Resolution resolution = resolve(resolver(), name);
        assertThat(reason(resolution)).isEqualTo(reason);
        assertThat(((Resolution.Failed) resolution).detail()).contains(word);
        assertThat(stub.queries()).hasSizeLessThan(60);
    }

    @Test
    void shares_one_lookup_between_those_who_wait() {
        Resolver resolver = resolver();
        List<CompletableFuture<Resolution>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Resolution> future = new CompletableFuture<>();
            resolver.resolve(ServerName.parse("rebind.test"), future::complete);
            all.add(future);
        }
        all.forEach(f -> assertThat(f.orTimeout(10, TimeUnit.SECONDS).join()).isNotNull());
        assertThat(stub.queries().size()).isLessThan(100);
    }

    @Test
    void calls_back_on_a_virtual_thread_also_from_its_cache() {
        Resolver resolver = resolver();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Boolean> virtual = new CompletableFuture<>();
            resolver.resolve(
                    ServerName.parse("allowed.test"),
                    r -> virtual.complete(Thread.currentThread().isVirtual()));
            assertThat(virtual.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        }
    }

    @Test
    void remembers_an_answer_for_its_time() {
        Resolver resolver = resolver();
        resolve(resolver, "allowed.test");
        resolve(resolver, "allowed.test");
        assertThat(resolver.cached(ServerName.parse("allowed.test"))).isNotNull();
        assertThat(stub.queries()).hasSize(2);
        pass(Duration.ofMinutes(6));
        assertThat(resolver.cached(ServerName.parse("allowed.test"))).isNull();
        resolve(resolver, "allowed.test");
        assertThat(stub.queries()).hasSize(4);
        assertThat(sources)
                .containsExactly(
                        ResolverObserver.Source.NETWORK,
                        ResolverObserver.Source.CACHE,
                        ResolverObserver.Source.CACHE,
                        ResolverObserver.Source.NETWORK);
    }

    @Test
    void does_not_remember_an_answer_without_time() {
        Resolver resolver = resolver();
        Resolution.Resolved first = (Resolution.Resolved) resolve(resolver, "rebind.test");
        assertThat(first.ttl()).isZero();
        resolve(resolver, "rebind.test");
        assertThat(stub.queries().size()).isGreaterThan(2);
    }

    @Test
    void remembers_failures_for_a_moment() {
        Resolver resolver = resolver();
        resolve(resolver, "nx.test");
        // One answer is enough to know; the question for the other family is on record a moment later.
        await().until(() -> stub.queries().size() >= 2);
        int asked = stub.queries().size();
        resolve(resolver, "nx.test");
        assertThat(stub.queries()).hasSize(asked);
        pass(Duration.ofSeconds(2));
        resolve(resolver, "nx.test");
        assertThat(stub.queries().size()).isGreaterThan(asked);
    }

    @Test
    void only_answers_that_were_asked_for_took_time() {
        // Each look at this clock is later than the one before, so that no wait is 0 by chance.
        Resolver resolver = resolver(options(), clock::incrementAndGet);
        resolve(resolver, "nx.test");
        resolve(resolver, "nx.test");
        resolve(resolver, "allowed.test");
        resolve(resolver, "allowed.test");
        stub.close();
        pass(Duration.ofMinutes(6));
        resolve(resolver, "allowed.test");
        resolve(resolver, "allowed.test");

        assertThat(sources)
                .containsExactly(
                        ResolverObserver.Source.NETWORK,
                        ResolverObserver.Source.CACHE,
                        ResolverObserver.Source.NETWORK,
                        ResolverObserver.Source.CACHE,
                        ResolverObserver.Source.STALE,
                        ResolverObserver.Source.STALE);
        assertThat(times.stream().map(Duration::isPositive)).containsExactly(true, false, true, false, true, false);
    }

    @Test
    @Case("R07")
    void serves_old_answers_for_an_hour_while_the_servers_are_dead() {
        Resolver resolver = resolver();
        resolve(resolver, "allowed.test");
        stub.close();
        pass(Duration.ofMinutes(30));
        assertThat(addresses(resolve(resolver, "allowed.test"))).containsExactly(U1);
        assertThat(addresses(resolve(resolver, "allowed.test"))).containsExactly(U1);
        assertThat(sources).contains(ResolverObserver.Source.STALE);
        assertThat(resolve(resolver, "other.test")).isInstanceOf(Resolution.Failed.class);
        pass(Duration.ofMinutes(31));
        assertThat(resolve(resolver, "allowed.test")).isInstanceOf(Resolution.Failed.class);
    }

    @Test
    void waits_once_for_servers_that_are_silent_and_learns_when_they_are_back() {
        Resolver resolver = resolver();
        resolve(resolver, "allowed.test");
        stub.answeringAfter(Duration.ofHours(1));
        pass(Duration.ofMinutes(6));
        resolve(resolver, "allowed.test");
        pass(Duration.ofSeconds(4));
        long began = System.nanoTime();
        assertThat(addresses(resolve(resolver, "allowed.test"))).containsExactly(U1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Resolver.REFRESH);

        stub.answeringAfter(Duration.ZERO);
        stub.put("allowed.test", "192.0.2.9");
        pass(Duration.ofSeconds(4));
        await().until(() -> {
            pass(Duration.ofMillis(100));
            return addresses(resolve(resolver, "allowed.test")).equals(List.of("192.0.2.9"));
        });
    }

    @Test
    void does_not_serve_an_old_answer_of_a_name_that_is_gone() {
        Resolver resolver = resolver();
        stub.put("gone.test", "192.0.2.9");
        resolve(resolver, "gone.test");
        stub.put("gone.test");
        pass(Duration.ofMinutes(6));
        assertThat(reason(resolve(resolver, "gone.test"))).isEqualTo(Reason.DNS_NXDOMAIN);
    }

    @Test
    void asks_the_next_server_when_one_is_silent_or_gone() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress dead = new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort());
            InetSocketAddress closed = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            for (InetSocketAddress first : List.of(dead, closed)) {
                Resolver resolver = resolver(new ResolverOptions(
                        List.of(first, stub.address()), Duration.ofSeconds(5), Duration.ofMillis(200), 10, 10));
                long start = System.nanoTime();
                assertThat(addresses(resolve(resolver, "allowed.test"))).containsExactly(U1);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void takes_a_late_answer_of_an_earlier_attempt() {
        Resolver resolver = resolver(
                new ResolverOptions(List.of(stub.address()), Duration.ofSeconds(6), Duration.ofMillis(300), 10, 10));
        assertThat(addresses(resolve(resolver, "slow.test"))).containsExactly(U1);
    }

    @Test
    @Case("D35")
    void fails_names_past_the_bound_at_once() {
        Resolver resolver = resolver(
                new ResolverOptions(List.of(stub.address()), Duration.ofSeconds(2), Duration.ofMillis(500), 2, 10));
        CompletableFuture<Resolution> a = new CompletableFuture<>();
        CompletableFuture<Resolution> b = new CompletableFuture<>();
        resolver.resolve(ServerName.parse("silent1.test"), a::complete);
        resolver.resolve(ServerName.parse("silent2.test"), b::complete);
        long start = System.nanoTime();
        Resolution third = resolve(resolver, "allowed.test");
        assertThat(reason(third)).isEqualTo(Reason.DNS_ERROR);
        assertThat(((Resolution.Failed) third).detail()).contains("Too many");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(reason(a.join())).isEqualTo(Reason.DNS_TIMEOUT);
        assertThat(reason(b.join())).isEqualTo(Reason.DNS_TIMEOUT);
        assertThat(addresses(resolve(resolver, "allowed.test"))).containsExactly(U1);
    }

    @Test
    void tells_those_who_wait_when_it_is_closed() {
        Resolver resolver = resolver();
        CompletableFuture<Resolution> waiting = new CompletableFuture<>();
        resolver.resolve(ServerName.parse("silent.test"), waiting::complete);
        resolver.close();
        assertThat(reason(waiting.orTimeout(5, TimeUnit.SECONDS).join())).isEqualTo(Reason.DNS_ERROR);
        assertThat(reason(resolve(resolver, "allowed.test"))).isEqualTo(Reason.DNS_ERROR);
    }

    @Test
    void survives_answers_with_any_damage() {
        stub.mutating(4);
        Resolver resolver = resolver(
                new ResolverOptions(List.of(stub.address()), Duration.ofMillis(300), Duration.ofMillis(60), 100, 1000));
        List<CompletableFuture<Resolution>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Resolution> future = new CompletableFuture<>();
            resolver.resolve(ServerName.parse("x" + i + ".wild.test"), future::complete);
            all.add(future);
        }
        all.forEach(f -> assertThat(f.orTimeout(10, TimeUnit.SECONDS).join()).isNotNull());
    }

    @Test
    void draws_ids_and_ports_anew_for_each_query() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
            Resolver resolver = resolver(
                    new ResolverOptions(List.of(address), Duration.ofMillis(200), Duration.ofMillis(150), 100, 10));
            Set<Integer> ids = new HashSet<>();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                resolver.resolve(ServerName.parse("n" + i + ".test"), r -> {});
            }
            server.setSoTimeout(2000);
            for (int i = 0; i < 100; i++) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                server.receive(packet);
                ids.add((packet.getData()[0] & 0xff) << 8 | packet.getData()[1] & 0xff);
                ports.add(packet.getPort());
            }
            assertThat(ids).hasSizeGreaterThan(95);
            assertThat(ports).hasSizeGreaterThan(50);
        }
    }
}
