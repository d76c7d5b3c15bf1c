package dev.exeat.it.faults;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/** Asks for certificates all the time, and holds those it got against the ledger. Thread-safe. */
final class Certificates implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long BETWEEN_NANOS = 300_000_000;

    private final Enrolment enrolment;
    private final Path ledger;
    private final List<String> tokens;
    private final Set<BigInteger> handedOut = ConcurrentHashMap.newKeySet();
    private final AtomicLong forgotten = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread;
    private volatile long lastGranted = System.nanoTime();
    private volatile boolean closed;

    Certificates(Stand stand) throws IOException, GeneralSecurityException {
        this.enrolment = stand.enrolment();
        this.ledger = stand.data().resolve("ledger.jsonl");
        this.tokens = Stand.ACCOUNTS.stream()
                .filter(account -> account.startsWith("issue-"))
                .map(stand::token)
                .toList();
        this.thread = Thread.ofPlatform().daemon().name("certificates").start(this::run);
    }

    private void run() {
        for (int turn = 0; !closed; turn++) {
            LockSupport.parkNanos(BETWEEN_NANOS);
            try {
                handedOut.add(enrolment.fetch(tokens.get(turn % tokens.size())).serial());
                lastGranted = System.nanoTime();
            } catch (Enrolment.RefusedException e) {
                // A token that was good is good for as long as it says, whatever happens to the authority.
                if (e.status() == 401 || e.status() == 403) {
                    forgotten.incrementAndGet();
                }
                failed.incrementAndGet();
            } catch (IOException | GeneralSecurityException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** {@code System.nanoTime()} of the last certificate. */
    long lastGranted() {
        return lastGranted;
    }

    int handedOut() {
        return handedOut.size();
    }

    /** Tokens that were refused, though they are good. */
    long forgotten() {
        return forgotten.get();
    }

    long failed() {
        return failed.get();
    }

    /** Handed out and not in the ledger, and lines there with a serial number of another. */
    long lost() throws IOException {
        Set<BigInteger> certain = Set.copyOf(handedOut);
        Set<BigInteger> listed = new HashSet<>();
        long twice = 0;
        for (String line : Files.readAllLines(ledger)) {
            if (line.startsWith("{") && line.endsWith("}")) {
                String serial = JSON.readTree(line).path("serial").asString();
                twice += listed.add(new BigInteger(serial, 16)) ? 0 : 1;
            }
        }
        return twice
                + certain.stream().filter(serial -> !listed.contains(serial)).count();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        enrolment.close();
    }
}
