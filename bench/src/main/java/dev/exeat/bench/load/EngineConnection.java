package dev.exeat.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * Blocking TLS over a socket, which sends each flight of the handshake with one write, as most TLS libraries do and the
 * platform's own sockets do not: without TCP_NODELAY the second write of a flight would wait for the first one's
 * acknowledgement, whatever the server does. Not thread-safe.
 */
final class EngineConnection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** A certificate chain of a client fits. */
    private static final int FLIGHT_RECORDS = 4;

    private final SSLEngine engine;
    private final InputStream in;
    private final OutputStream out;
    private final ByteBuffer flight;
    private final ByteBuffer plain;
    private ByteBuffer cipherIn;
    /** Octets that came with others and were not asked for yet. */
    private int ahead;

    private EngineConnection(SSLEngine engine, Socket socket) throws IOException {
        this.engine = engine;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.flight = ByteBuffer.allocate(FLIGHT_RECORDS * engine.getSession().getPacketBufferSize());
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        this.cipherIn =
                ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    }

    /** Makes the handshake of a connected socket. */
    static EngineConnection handshake(SSLEngine engine, Socket socket) throws IOException {
        EngineConnection connection = new EngineConnection(engine, socket);
        engine.beginHandshake();
        connection.shakeHands();
        return connection;
    }

    private void shakeHands() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(NOTHING.duplicate(), flight);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrapSome();
                case NEED_TASK -> runTasks();
                case NOT_HANDSHAKING, FINISHED -> {
                    flush();
                    return;
                }
            }
        }
    }

    /** Sends what was made since the last time, before something is waited for. */
    private void flush() throws IOException {
        out.write(flight.array(), 0, flight.position());
        flight.clear();
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    void send(byte[] octets) throws IOException {
        engine.wrap(ByteBuffer.wrap(octets), flight);
        flush();
    }

    /** Waits for so many octets, and forgets them. */
    void skip(int octets) throws IOException {
        while (ahead < octets) {
            ahead += unwrapSome();
        }
        ahead -= octets;
    }

    /** Octets of plain text that came, which may be none. */
    private int unwrapSome() throws IOException {
        plain.clear();
        SSLEngineResult result = engine.unwrap(cipherIn, plain);
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> receive();
            case CLOSED -> throw new EOFException("the connection ended too early");
            default -> {
                if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                    runTasks();
                }
            }
        }
        return result.bytesProduced();
    }

    private void receive() throws IOException {
        flush();
        cipherIn.compact();
        if (!cipherIn.hasRemaining()) {
            cipherIn = ByteBuffer.allocate(cipherIn.capacity() * 2).put(cipherIn.flip());
        }
        int read = in.read(cipherIn.array(), cipherIn.position(), cipherIn.remaining());
        if (read < 0) {
            throw new EOFException("the connection ended too early");
        }
        cipherIn.position(cipherIn.position() + read).flip();
    }

    /** Sends close_notify. */
    void end() throws IOException {
        engine.closeOutbound();
        engine.wrap(NOTHING.duplicate(), flight);
        flush();
    }
}
