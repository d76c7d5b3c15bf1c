package dev.exeat.it.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where faults take place.
 *
 * @param ids for visits of a fault's own
 * @param slowPeers how many slow peers come at once
 * @param helloTimeout of both gateways
 */
record Scene(
        Stand stand,
        Client client,
        Certificates certificates,
        PolicyWriter policy,
        SplittableRandom random,
        AtomicLong ids,
        int slowPeers,
        Duration helloTimeout)
        implements AutoCloseable {
    /** Starts everything. */
    static Scene open(Path directory, long seed, int slowPeers, Stand.Settings settings)
            throws IOException, GeneralSecurityException, InterruptedException {
        Stand stand = Stand.start(directory, settings);
        try {
            SplittableRandom random = new SplittableRandom(seed);
            Client client;
            try (Enrolment enrolment = stand.enrolment()) {
                client = new Client(stand.doors(), enrolment.clientTls(enrolment.fetch(stand.token("load"))));
            }
            PolicyWriter policy = new PolicyWriter(stand, new PolicyModel(), random.nextLong());
            return new Scene(
                    stand,
                    client,
                    new Certificates(stand),
                    policy,
                    random,
                    new AtomicLong(),
                    slowPeers,
                    settings.helloTimeout());
        } catch (IOException | GeneralSecurityException | InterruptedException | RuntimeException e) {
            stand.close();
            throw e;
        }
    }

    @Override
    public void close() {
        policy.close();
        certificates.close();
        stand.close();
    }

    /** The client with the identity of another account. */
    Client as(String account) throws IOException, GeneralSecurityException, InterruptedException {
        try (Enrolment enrolment = stand.enrolment()) {
            return client.as(enrolment.clientTls(enrolment.fetch(stand.token(account))));
        }
    }

    /** A small visit that is no part of the load. */
    Visit visit(Route route, String host) {
        return client.visit(new Client.Errand(ids.incrementAndGet(), route, host, 100, 100, () -> {}));
    }
}
