package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.proxy.dial.Cancel;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The client's side of an HTTP/2 connection that carries CONNECT tunnels alone. Confined to its loop. */
public final class H2ClientConnection extends H2Connection {
    /** Past this no stream is opened any more, long before the identifiers run out (RFC 9113 section 5.1.1). */
    private static final int LAST_ID = 1 << 30;

    private final H2ClientHandler handler;
    private final Map<Integer, H2Opening> openings = new HashMap<>();
    private int nextId = 1;
    private boolean drainingTold;

    private H2ClientConnection(
            ByteStream transport, H2Limits limits, H2ClientHandler handler, LoopTasks tasks, H2Buffers buffers) {
        super(transport, limits, tasks, buffers);
        this.handler = handler;
    }

    /** Takes the transport over, right after its handshake; its handler is the connection from now on. */
    public static H2ClientConnection start(ByteStream transport, H2Limits limits, H2ClientHandler handler) {
        H2Buffers buffers = transport.loop().shared(H2Buffers.class, H2Buffers::new);
        return start(transport, limits, handler, LoopTasks.of(transport.loop()), buffers);
    }

    static H2ClientConnection start(
            ByteStream transport, H2Limits limits, H2ClientHandler handler, LoopTasks tasks, H2Buffers buffers) {
        H2ClientConnection connection = new H2ClientConnection(transport, limits, handler, tasks, buffers);
        connection.begin(
                Frame.SETTINGS_ENABLE_PUSH,
                0,
                Frame.SETTINGS_MAX_CONCURRENT_STREAMS,
                0,
                Frame.SETTINGS_INITIAL_WINDOW_SIZE,
                limits.streamWindow(),
                Frame.SETTINGS_MAX_HEADER_LIST_SIZE,
                limits.headerList());
        return connection;
    }

    /**
     * Asks for a tunnel to {@code host:port}.
     *
     * @return gives the request up as long as it is not answered; the handler is then not called
     */
    public Cancel open(String authority, OpenHandler opened) {
        H2Opening opening = new H2Opening(this, opened);
        if (availableStreams() == 0) {
            String detail = isDraining() ? "The connection takes no new tunnels." : "The connection is full.";
            tasks().soon(() -> opening.fail(true, detail));
            return opening::cancel;
        }
        int id = nextId;
        nextId += 2;
        H2Stream stream = newStream(id);
        opening.begin(stream);
        openings.put(id, opening);
        putSafely(() -> writer().connect(id, authority));
        if (nextId > LAST_ID) {
            drain();
            tellDraining();
        }
        return opening::cancel;
    }

    /** How many more tunnels the server lets be opened now; 0 when draining or closed. */
    public int availableStreams() {
        int most = Math.min(peer().concurrentStreams(), limits().concurrentStreams());
        return isDraining() || isClosed() ? 0 : Math.max(0, most - streams());
    }

    void settled(H2Stream stream) {
        openings.remove(stream.id());
    }

    @Override
    boolean isServer() {
        return false;
    }

    @Override
    boolean preface(ByteBuffer in) {
        return true;
    }

    @Override
    boolean isIdle(int id) {
        return (id & 1) == 0 || id >= nextId;
    }

    @Override
    boolean takesData(H2Stream stream) {
        H2Opening opening = openings.get(stream.id());
        return opening == null || opening.isAnswered();
    }

    @Override
    void headers(int id, boolean endStream, HpackDecoder.Block block) {
        H2Stream stream = table().find(id);
        if (stream == null) {
            if (isIdle(id)) {
                throw H2Exception.protocol("HEADERS on a stream that was never opened");
            }
            if (!table().wasReset(id)) {
                throw new H2Exception(H2Error.STREAM_CLOSED, "HEADERS on a stream that is closed");
            }
            return;
        }
        H2Opening opening = openings.get(id);
        if (opening == null || opening.isAnswered()) {
            streamError(stream, H2Error.PROTOCOL_ERROR, "The peer sent HEADERS within the tunnel.");
            return;
        }
        int status = ResponseStatus.of(block);
        if (status < 0 || (status < 200 && endStream)) {
            streamError(stream, H2Error.PROTOCOL_ERROR, "The peer sent a malformed answer.");
        } else if (status >= 200) {
            opening.answered(status);
            if (endStream && table().holds(stream)) {
                stream.receivedEnd();
            }
        } else {
            count(Abuse.OTHER);
        }
    }

    @Override
    void settingsCame(boolean first) {
        if (first) {
            handler.ready(this);
        }
    }

    @Override
    void broke(H2Stream stream, int code, String detail) {
        H2Opening opening = openings.remove(stream.id());
        if (opening != null) {
            opening.fail(code == H2Error.REFUSED_STREAM.code(), detail);
        }
    }

    @Override
    void peerDrains(int lastStream) {
        for (H2Opening opening : List.copyOf(openings.values())) {
            opening.goneAway(lastStream);
        }
        tellDraining();
    }

    private void tellDraining() {
        if (!drainingTold) {
            drainingTold = true;
            handler.draining(this);
        }
    }

    @Override
    void over(H2Closed how) {
        handler.closed(this, how);
    }
}
