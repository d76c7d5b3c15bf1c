package dev.exeat.proxy.dns;

import dev.exeat.model.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/**
 * Puts one question to the servers in turn: the next is asked when one fails, or when it has kept silent for the
 * attempt's time; earlier ones may still answer. The first good answer is taken.
 */
final class ServerRace {
    private static final int MIN_ATTEMPTS = 3;
    private static final int MAX_ATTEMPTS = 6;

    private record Arrival(@Nullable Reply reply, @Nullable DnsFailure failure) {}

    private final List<InetSocketAddress> servers;
    private final Duration attempt;
    private final ThreadFactory threads;

    ServerRace(List<InetSocketAddress> servers, Duration attempt, ThreadFactory threads) {
        this.servers = servers;
        this.attempt = attempt;
        this.threads = threads;
    }

    /**
     * Blocks until a server says what it knows, or the deadline.
     *
     * @return a reply with NOERROR or NXDOMAIN
     */
    Reply ask(Exchange exchange, Question question, long deadline) throws DnsFailure, InterruptedException {
        int attempts = Math.clamp(servers.size() * 2L, MIN_ATTEMPTS, MAX_ATTEMPTS);
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        List<Thread> started = new ArrayList<>(attempts);
        DnsFailure failure = null;
        int failed = 0;
        try {
            while (failed < attempts) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                boolean last = started.size() == attempts;
                if (!last) {
                    InetSocketAddress server = servers.get(started.size() % servers.size());
                    started.add(start(exchange, server, question, deadline, arrivals));
                    last = started.size() == attempts;
                }
                Arrival arrival = arrivals.poll(last ? left : Math.min(left, attempt.toNanos()), TimeUnit.NANOSECONDS);
                if (arrival != null && arrival.reply != null) {
                    return arrival.reply;
                }
                if (arrival != null) {
                    failed++;
                    failure = arrival.failure == null ? failure : arrival.failure;
                }
            }
        } finally {
            started.forEach(Thread::interrupt);
        }
        if (failure != null) {
            throw failure;
        }
        throw new DnsFailure(Reason.DNS_TIMEOUT, "No name server answered in time.");
    }

    private Thread start(
            Exchange exchange,
            InetSocketAddress server,
            Question question,
            long deadline,
            BlockingQueue<Arrival> arrivals) {
        Thread thread = threads.newThread(() -> arrivals.add(arrival(exchange, server, question, deadline)));
        thread.start();
        return thread;
    }

    private static Arrival arrival(Exchange exchange, InetSocketAddress server, Question question, long deadline) {
        try {
            Reply reply = exchange.ask(server, question, deadline);
            if (reply.rcode() == Rcode.NOERROR || reply.rcode() == Rcode.NXDOMAIN) {
                return new Arrival(reply, null);
            }
            return failed("The name server answered " + Rcode.string(reply.rcode()) + ".");
        } catch (DnsFailure e) {
            return new Arrival(null, e);
        } catch (SocketTimeoutException e) {
            return new Arrival(null, null);
        } catch (IOException | RuntimeException e) {
            return failed("The name server cannot be asked: " + e.getMessage() + ".");
        }
    }

    private static Arrival failed(String detail) {
        return new Arrival(null, new DnsFailure(Reason.DNS_ERROR, detail));
    }
}
