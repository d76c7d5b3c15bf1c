package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a connection's frames, checks that each may come here and now, and hands on what it means. */
final class FrameDispatch implements FrameReader.Sink {
    private final H2Connection connection;
    private final HpackDecoder hpack;
    private final HeaderBlocks blocks;
    private boolean open;

    private @Nullable H2Stream dataStream;
    private int dataLength;
    private int dataPassed;
    private boolean dataEndsStream;

    FrameDispatch(H2Connection connection, int headerList) {
        this.connection = connection;
        this.hpack = new HpackDecoder(headerList);
        this.blocks = new HeaderBlocks(headerList);
    }

    /** Whether the peer's preface has been seen. */
    boolean isOpen() {
        return open;
    }

    void open() {
        open = true;
    }

    @Override
    public boolean isOver() {
        return connection.isClosed();
    }

    @Override
    public void dataBegins(int id, int length, boolean endStream) {
        checkOrder(Frame.DATA);
        if (id == 0) {
            throw H2Exception.protocol("DATA without a stream");
        }
        connection.receiving().charge(length);
        if (length == 0 && !endStream) {
            connection.count(Abuse.EMPTY);
        }
        dataLength = length;
        dataPassed = 0;
        dataEndsStream = endStream;
        dataStream = null;
        H2Stream stream = connection.table().find(id);
        if (stream == null) {
            stray(id);
        } else if (stream.isRemoteEnded()) {
            connection.streamError(stream, H2Error.STREAM_CLOSED, "The peer sent DATA behind the tunnel's end.");
        } else if (!connection.takesData(stream)) {
            connection.streamError(stream, H2Error.PROTOCOL_ERROR, "The peer sent DATA before its answer.");
        } else if (!stream.charge(length)) {
            connection.streamError(
                    stream, H2Error.FLOW_CONTROL_ERROR, "The peer sent more than the tunnel's window allows.");
        } else {
            dataStream = stream;
        }
    }

    /** A frame for a stream that is not there any more; one that never was is an error (RFC 9113 section 5.1). */
    private void stray(int id) {
        checkNotIdle(id);
        if (!connection.table().wasReset(id)) {
            connection.count(Abuse.STRAY);
            connection.writer().reset(id, H2Error.STREAM_CLOSED);
        }
    }

    private void checkNotIdle(int id) {
        if (connection.isIdle(id)) {
            throw H2Exception.protocol("a frame for a stream that was never opened");
        }
    }

    @Override
    public void data(ByteBuffer piece) {
        H2Stream stream = dataStream;
        if (stream != null) {
            dataPassed += piece.remaining();
            stream.received(piece);
        }
    }

    @Override
    public void dataEnds() {
        H2Stream stream = dataStream;
        dataStream = null;
        if (stream != null) {
            stream.uncharge(dataLength - dataPassed);
            if (dataEndsStream && connection.table().holds(stream)) {
                stream.receivedEnd();
            }
        }
    }

    @Override
    public void unknown() {
        checkOrder(-1);
        connection.count(Abuse.OTHER);
    }

    /** The first frame is SETTINGS, and nothing comes between the frames of a header block. */
    private void checkOrder(int type) {
        if (!connection.peer().received() && type != Frame.SETTINGS) {
            throw H2Exception.protocol("another first frame than SETTINGS");
        }
        if (blocks.isOpen() && type != Frame.CONTINUATION) {
            throw H2Exception.protocol("another frame between those of a header block");
        }
    }

    @Override
    public void frame(int type, int flags, int id, ByteBuffer payload) {
        checkOrder(type);
        boolean onConnection = type == Frame.SETTINGS || type == Frame.PING || type == Frame.GOAWAY;
        if (type != Frame.WINDOW_UPDATE && onConnection != (id == 0)) {
            throw H2Exception.protocol("a frame on a stream where it does not belong");
        }
        boolean ack = (flags & Frame.ACK) != 0;
        switch (type) {
            case Frame.HEADERS -> block(blocks.headers(flags, id, payload));
            case Frame.CONTINUATION -> block(blocks.continuation(flags, id, payload));
            case Frame.PRIORITY -> connection.count(Abuse.OTHER);
            case Frame.RST_STREAM -> reset(id, payload.getInt());
            case Frame.SETTINGS -> settings(payload, ack);
            case Frame.PING -> ping(payload.getLong(), ack);
            case Frame.GOAWAY -> connection.goneAway(payload.getInt() & 0x7fff_ffff);
            case Frame.WINDOW_UPDATE -> windowUpdate(id, payload.getInt() & 0x7fff_ffff);
            default -> throw H2Exception.protocol("a PUSH_PROMISE frame, which was not allowed");
        }
    }

    private void settings(ByteBuffer payload, boolean ack) {
        PeerSettings peer = connection.peer();
        if (ack && !peer.received()) {
            throw H2Exception.protocol("another first frame than SETTINGS");
        }
        connection.count(Abuse.SETTINGS);
        if (ack) {
            connection.acknowledged();
            return;
        }
        boolean first = !peer.received();
        int before = peer.initialWindow();
        peer.read(payload, !connection.isServer());
        connection.writer().settingsAck();
        if (peer.initialWindow() != before) {
            changeWindows((long) peer.initialWindow() - before);
        }
        connection.settingsCame(first);
    }

    /** RFC 9113 section 6.9.2: the windows of open streams change with the setting, and may become negative. */
    private void changeWindows(long change) {
        List<H2Stream> streams = connection.table().all();
        for (H2Stream stream : streams) {
            if (!stream.grow(change)) {
                throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "a setting that makes a window too large");
            }
        }
        streams.forEach(H2Stream::windowOpened);
    }

    private void ping(long payload, boolean ack) {
        if (!ack) {
            connection.count(Abuse.PING);
            connection.writer().ping(payload, true);
        }
    }

    private void block(@Nullable ByteBuffer whole) {
        if (whole != null) {
            connection.headers(blocks.stream(), blocks.endsStream(), hpack.decode(whole));
        }
    }

    private void reset(int id, int code) {
        H2Stream stream = connection.table().find(id);
        if (stream == null) {
            checkNotIdle(id);
            if (!connection.table().takesReset(id)) {
                connection.count(Abuse.OTHER);
            }
        } else {
            connection.resetByPeer(stream, code);
        }
    }

    private void windowUpdate(int id, int increment) {
        if (!connection.sending().updated()) {
            connection.count(Abuse.WINDOW);
        }
        H2Stream stream = id == 0 ? null : connection.table().find(id);
        if (id != 0 && stream == null) {
            checkNotIdle(id);
        }
        if (increment == 0) {
            if (stream == null) {
                throw H2Exception.protocol("a window update of zero");
            }
            connection.streamError(stream, H2Error.PROTOCOL_ERROR, "The peer sent a window update of zero.");
            return;
        }
        if (id == 0 && !connection.sending().grow(increment)) {
            throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "a window update that makes the window too large");
        }
        if (stream != null && !stream.grow(increment)) {
            connection.streamError(stream, H2Error.FLOW_CONTROL_ERROR, "The peer made the tunnel's window too large.");
        } else if (stream != null) {
            stream.windowOpened();
        }
    }
}
