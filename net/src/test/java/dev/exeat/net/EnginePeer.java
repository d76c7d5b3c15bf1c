package dev.exeat.net;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A peer over a plain socket that sends when it is told to, so that a test chooses what travels together. */
final class EnginePeer {
    private final SSLEngine engine;
    private final Socket socket;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private final ByteBuffer record = ByteBuffer.allocate(64 * 1024);
    private ByteBuffer input = ByteBuffer.allocate(256 * 1024).flip();

    private EnginePeer(SSLContext context, Socket socket, String version, boolean client) {
        this.engine = context.createSSLEngine();
        this.socket = socket;
        engine.setUseClientMode(client);
        engine.setNeedClientAuth(!client);
        engine.setEnabledProtocols(new String[] {version});
    }

    static EnginePeer client(SSLContext context, Socket socket, String version) {
        return new EnginePeer(context, socket, version, true);
    }

    static EnginePeer server(SSLContext context, Socket socket, String version) {
        return new EnginePeer(context, socket, version, false);
    }

    /** The last flight, if it is this side's, stays unsent. */
    EnginePeer handshake() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
                case NEED_TASK -> engine.getDelegatedTask().run();
                default -> {
                    send();
                    unwrap();
                }
            }
        }
        return this;
    }

    EnginePeer write(byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            wrap(from);
        }
        return this;
    }

    /** With TLS 1.3 to begin again is to change the keys. */
    EnginePeer updateKeys() throws IOException {
        engine.beginHandshake();
        wrap(ByteBuffer.allocate(0));
        return this;
    }

    EnginePeer closeNotify() throws IOException {
        engine.closeOutbound();
        wrap(ByteBuffer.allocate(0));
        return this;
    }

    /** All that was made, at once. */
    EnginePeer send() throws IOException {
        socket.getOutputStream().write(unsent.toByteArray());
        unsent.reset();
        return this;
    }

    EnginePeer sendAllBut(int last) throws IOException {
        byte[] all = unsent.toByteArray();
        socket.getOutputStream().write(all, 0, all.length - last);
        unsent.reset();
        unsent.write(all, all.length - last, last);
        return this;
    }

    byte[] read(int length) throws IOException {
        while (plain.size() < length) {
            unwrap();
        }
        byte[] all = plain.toByteArray();
        plain.reset();
        plain.write(all, length, all.length - length);
        return Arrays.copyOf(all, length);
    }

    private void wrap(ByteBuffer from) throws IOException {
        engine.wrap(from, record.clear());
        unsent.write(record.array(), 0, record.position());
    }

    private void unwrap() throws IOException {
        SSLEngineResult result = engine.unwrap(input, record.clear());
        plain.write(record.array(), 0, record.position());
        if (result.getStatus() == Status.CLOSED) {
            throw new EOFException("close_notify");
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            input.compact();
            int read = socket.getInputStream().read(input.array(), input.position(), input.remaining());
            if (read < 0) {
                throw new EOFException("the end of TCP");
            }
            input.position(input.position() + read).flip();
        }
    }
}
