package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client and a server connected in memory, and what they heard. */
final class Duo {
    final FakeTasks tasks = new FakeTasks();
    final MemoryStream clientEnd;
    final MemoryStream serverEnd;
    final H2ClientConnection client;
    final H2ServerConnection server;
    final List<H2ConnectRequest> requests = new ArrayList<>();
    final List<String> refusedByServer = new ArrayList<>();

    @Nullable
    H2Closed clientClosed;

    @Nullable
    H2Closed serverClosed;

    boolean ready;
    boolean draining;

    Duo() {
        this(H2Limits.defaults(), 256 * 1024, Integer.MAX_VALUE);
    }

    Duo(H2Limits limits, int capacity, int step) {
        MemoryStream[] ends = MemoryStream.pair(tasks, capacity, step);
        clientEnd = ends[0];
        serverEnd = ends[1];
        server = H2ServerConnection.start(
                serverEnd,
                limits,
                new H2ServerHandler() {
                    @Override
                    public void connect(H2ConnectRequest request) {
                        requests.add(request);
                    }

                    @Override
                    public void refused(int status, String detail) {
                        refusedByServer.add(status + " " + detail);
                    }

                    @Override
                    public void closed(H2Closed how) {
                        serverClosed = how;
                    }
                },
                tasks,
                new H2Buffers());
        client = H2ClientConnection.start(
                clientEnd,
                limits,
                new H2ClientHandler() {
                    @Override
                    public void ready(H2ClientConnection connection) {
                        ready = true;
                    }

                    @Override
                    public void draining(H2ClientConnection connection) {
                        draining = true;
                    }

                    @Override
                    public void closed(H2ClientConnection connection, H2Closed how) {
                        clientClosed = how;
                    }
                },
                tasks,
                new H2Buffers());
    }

    void run() {
        tasks.run();
    }

    Opened open(String authority) {
        Opened opened = new Opened();
        opened.cancel = client.open(authority, opened);
        return opened;
    }

    /** A tunnel that the server accepted, seen from both ends. */
    Tunnel tunnel() {
        int before = requests.size();
        Opened opened = open("en.example.com:443");
        run();
        ByteStream far = requests.get(before).accept();
        run();
        ByteStream near = opened.tunnel;
        if (near == null) {
            throw new AssertionError("not opened: " + opened);
        }
        return new Tunnel(new Flow(near), new Flow(far));
    }

    record Tunnel(Flow near, Flow far) {}

    static final class Opened implements OpenHandler {
        @Nullable
        ByteStream tunnel;

        int status;
        String body = "";

        @Nullable
        String failure;

        boolean untouched;
        int calls;
        dev.exeat.proxy.dial.Cancel cancel = () -> {};

        @Override
        public void opened(ByteStream opened) {
            calls++;
            tunnel = opened;
        }

        @Override
        public void refused(int code, byte[] bytes) {
            calls++;
            status = code;
            body = new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void failed(boolean notTouched, String detail) {
            calls++;
            untouched = notTouched;
            failure = detail;
        }

        @Override
        public String toString() {
            return "status " + status + ", failure " + failure;
        }
    }
}
