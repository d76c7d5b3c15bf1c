package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The server's side of an HTTP/2 connection that carries CONNECT tunnels alone. Confined to its loop. */
public final class H2ServerConnection extends H2Connection {
    private static final byte[] METHOD_REFUSED = ("{\"reason\":\"protocol_invalid\",\"message\":"
                    + "\"Only CONNECT requests within bounds are served here.\"}\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final H2ServerHandler handler;
    private int prefaceSeen;

    private H2ServerConnection(
            ByteStream transport, H2Limits limits, H2ServerHandler handler, LoopTasks tasks, H2Buffers buffers) {
        super(transport, limits, tasks, buffers);
        this.handler = handler;
    }

    /** Takes the transport over, right after its handshake; its handler is the connection from now on. */
    public static H2ServerConnection start(ByteStream transport, H2Limits limits, H2ServerHandler handler) {
        H2Buffers buffers = transport.loop().shared(H2Buffers.class, H2Buffers::new);
        return start(transport, limits, handler, LoopTasks.of(transport.loop()), buffers);
    }

    static H2ServerConnection start(
            ByteStream transport, H2Limits limits, H2ServerHandler handler, LoopTasks tasks, H2Buffers buffers) {
        H2ServerConnection connection = new H2ServerConnection(transport, limits, handler, tasks, buffers);
        connection.begin(
                Frame.SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams(),
                Frame.SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindow(),
                Frame.SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerList());
        return connection;
    }

    /** Ends the connection because its peer has enough of them (ENHANCE_YOUR_CALM). */
    public void refuse(String detail) {
        fail(H2Error.ENHANCE_YOUR_CALM, detail);
    }

    @Override
    boolean isServer() {
        return true;
    }

    @Override
    boolean preface(ByteBuffer in) {
        while (in.hasRemaining() && prefaceSeen < FrameWriter.PREFACE.length) {
            if (in.get() != FrameWriter.PREFACE[prefaceSeen++]) {
                throw H2Exception.protocol("another preface than that of HTTP/2");
            }
        }
        return prefaceSeen == FrameWriter.PREFACE.length;
    }

    @Override
    boolean isIdle(int id) {
        return (id & 1) == 0 || id > table().lastPeerStream();
    }

    @Override
    boolean takesData(H2Stream stream) {
        return true;
    }

    @Override
    void headers(int id, boolean endStream, HpackDecoder.Block block) {
        H2Stream known = table().find(id);
        if (known != null) {
            // RFC 9113 section 8.5: a tunnel has no trailers.
            streamError(known, H2Error.PROTOCOL_ERROR, "The peer sent HEADERS within the tunnel.");
            return;
        }
        if ((id & 1) == 0) {
            throw H2Exception.protocol("HEADERS on a stream that only a server may open");
        }
        if (id <= table().lastPeerStream()) {
            if (!table().wasReset(id)) {
                throw new H2Exception(H2Error.STREAM_CLOSED, "HEADERS on a stream that is closed");
            }
            return;
        }
        if (isDraining()) {
            // Past the last stream that GOAWAY named, so that the client may ask again elsewhere.
            writer().reset(id, H2Error.REFUSED_STREAM);
            count(Abuse.STRAY);
            return;
        }
        table().peerOpened(id);
        if (streams() >= limits().concurrentStreams()) {
            count(Abuse.MALFORMED);
            writer().reset(id, H2Error.REFUSED_STREAM);
            handler.overLimit();
            return;
        }
        request(newStream(id), endStream, RequestFields.of(block));
    }

    private void request(H2Stream stream, boolean endStream, RequestFields fields) {
        if (endStream) {
            stream.receivedEnd();
        }
        switch (fields) {
            case RequestFields.Connect(String authority, List<HeaderField> headers) ->
                stream.isolated(() -> handler.connect(new H2ServerRequest(this, stream, authority, headers)));
            case RequestFields.Other(int status, String detail) -> {
                count(Abuse.MALFORMED);
                new H2Refusal(this, stream, false, METHOD_REFUSED).send(status);
                handler.refused(status, detail);
            }
            case RequestFields.Malformed(String detail) -> {
                streamError(stream, H2Error.PROTOCOL_ERROR, detail);
                handler.refused(0, detail);
            }
        }
    }

    @Override
    void settingsCame(boolean first) {}

    @Override
    void broke(H2Stream stream, int code, String detail) {}

    @Override
    void peerDrains(int lastStream) {}

    @Override
    void over(H2Closed how) {
        handler.closed(how);
    }
}
