package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.model.HelloFacts;
import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.RecordSplitter;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * After a HelloRetryRequest, whatever the client sends: as long as the watcher watches, no handshake record passes but
 * those of one more hello with the first one's name. The first half of an input is the server's, the rest the client's.
 */
public final class HelloWatcherFuzz implements FuzzTarget {
    private static final int LIMIT = 2_048;
    private static final byte[] CHANGE_CIPHER_SPEC = {20, 3, 3, 0, 1, 1};
    private static final HelloFacts FIRST =
            facts(ClientHelloBuilder.to("allowed.test").message());

    @Override
    public String name() {
        return "hello-retry";
    }

    @Override
    public List<byte[]> seeds() {
        byte[] retry = Behaviour.helloRetryRequest(new byte[32]);
        byte[] same = ClientHelloBuilder.to("allowed.test").message();
        byte[] other = ClientHelloBuilder.to("denied.test").message();
        byte[] plain = Behaviour.serverHello(new byte[32], new byte[32], new byte[] {0, 43, 0, 2, 3, 4});
        return List.of(
                input(retry, record("*", same)),
                input(retry, record("*", other)),
                input(retry, CHANGE_CIPHER_SPEC, record("40,*", same)),
                input(retry, CHANGE_CIPHER_SPEC, record("1,3,*", other)),
                input(retry, record("c,*", same), new byte[] {23, 3, 3, 0, 1, 9}),
                input(retry, new byte[] {21, 3, 3, 0, 2, 1, 0}),
                input(plain, record("*", other)),
                input(plain, CHANGE_CIPHER_SPEC, new byte[] {23, 3, 3, 0, 2, 9, 9}));
    }

    private static byte[] record(String plan, byte[] message) {
        return new RecordSplitter().fragments(plan).split(message);
    }

    /** Two octets with the length of the server's part, that part, the client's parts. */
    private static byte[] input(byte[] server, byte[]... client) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(server.length >> 8);
        out.write(server.length);
        out.writeBytes(server);
        for (byte[] part : client) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static HelloFacts facts(byte[] message) {
        HelloProgress progress = new HelloReader(LIMIT).feed(ByteBuffer.wrap(record("*", message)));
        return ((Complete) progress).facts();
    }

    @Override
    public String feed(byte[] input) {
        int cut = input.length < 2 ? 0 : Math.min(input.length - 2, (input[0] & 0x0f) << 8 | (input[1] & 0xff));
        byte[] server = input.length < 2 ? input : Arrays.copyOfRange(input, 2, 2 + cut);
        byte[] client = input.length < 2 ? new byte[0] : Arrays.copyOfRange(input, 2 + cut, input.length);
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(input));

        Walk whole = new Walk(server, client, server.length, client.length, random);
        Walk parts = new Walk(server, client, 7, 1 + random.nextInt(60), random);

        Same.require("outcome in parts", parts.outcome(), whole.outcome());
        if (!parts.watcher.done() && whole.watcher.violation() == null) {
            Same.require("passed in parts", ByteBuffer.wrap(parts.passed), ByteBuffer.wrap(whole.passed));
        }
        return whole.outcome();
    }

    /** One connection: the server's octets in parts, then the client's; what may go is kept. */
    private static final class Walk {
        final HelloWatcher watcher = new HelloWatcher(FIRST, LIMIT);
        byte[] passed = {};

        Walk(byte[] server, byte[] client, int serverStep, int clientStep, SplittableRandom random) {
            for (int at = 0; at < server.length && watcher.violation() == null; at += serverStep) {
                int end = Math.min(server.length, at + serverStep);
                watcher.server(ByteBuffer.wrap(Arrays.copyOfRange(server, at, end)));
            }
            int sent = 0;
            while (sent < client.length && watcher.violation() == null && !watcher.done()) {
                sent = Math.min(client.length, sent + 1 + random.nextInt(Math.max(1, clientStep)));
                int from = passed.length;
                int may = watcher.client(ByteBuffer.wrap(client, from, sent - from));
                if (may > 0) {
                    passed = Arrays.copyOf(client, from + may);
                }
            }
            checkPassed();
        }

        /** Record by record: a handshake record may only begin a hello with the first name. */
        private void checkPassed() {
            ByteBuffer rest = ByteBuffer.wrap(passed);
            while (rest.remaining() >= 5) {
                int type = rest.get(rest.position());
                int length = rest.getShort(rest.position() + 3) & 0xffff;
                if (type == 22) {
                    HelloProgress second = new HelloReader(LIMIT).feed(rest.duplicate());
                    assertThat(second)
                            .isInstanceOfSatisfying(
                                    Complete.class,
                                    complete -> assertThat(complete.facts().serverName())
                                            .isEqualTo(FIRST.serverName()));
                    return;
                }
                rest.position(Math.min(rest.limit(), rest.position() + 5 + length));
            }
        }

        String outcome() {
            HelloProgress.Refused violation = watcher.violation();
            return violation == null ? "done " + watcher.done() : violation.detail();
        }
    }
}
