package dev.exeat.proxy.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server's connection in memory, a raw peer as its client, and what the server heard. */
final class ServerRig {
    final FakeTasks tasks = new FakeTasks();
    final List<H2ConnectRequest> requests = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final H2ServerConnection server;
    final RawPeer peer;
    int overLimit;

    @Nullable
    H2Closed closed;

    ServerRig() {
        this(H2Limits.defaults());
    }

    ServerRig(H2Limits limits) {
        this(limits, Integer.MAX_VALUE, _ -> {});
    }

    /**
     * @param step octets that the transport takes at once
     * @param answer what becomes of each request, beside its being noted
     */
    ServerRig(H2Limits limits, int step, Consumer<H2ConnectRequest> answer) {
        MemoryStream[] ends = MemoryStream.pair(tasks, 1 << 20, step);
        server = H2ServerConnection.start(
                ends[0],
                limits,
                new H2ServerHandler() {
                    @Override
                    public void connect(H2ConnectRequest request) {
                        requests.add(request);
                        answer.accept(request);
                    }

                    @Override
                    public void refused(int status, String detail) {
                        refused.add(status + " " + detail);
                    }

                    @Override
                    public void overLimit() {
                        overLimit++;
                    }

                    @Override
                    public void closed(H2Closed how) {
                        closed = how;
                    }
                },
                tasks,
                new H2Buffers());
        peer = new RawPeer(tasks, ends[1]);
    }
}
