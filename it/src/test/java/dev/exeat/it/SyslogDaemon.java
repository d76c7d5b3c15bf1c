package dev.exeat.it;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes syslog messages over TCP that are counted in octets (RFC 6587 section 3.4.1), of one sender. */
final class SyslogDaemon implements AutoCloseable {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final ServerSocket listening;

    /** @param port 0 for any */
    SyslogDaemon(int port) throws IOException {
        listening = new ServerSocket(port, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void serve() {
        try (Socket sender = listening.accept()) {
            DataInputStream in = new DataInputStream(sender.getInputStream());
            while (true) {
                messages.add(message(in));
            }
        } catch (EOFException e) {
            // The sender has ended.
        } catch (IOException e) {
            if (!listening.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String message(DataInputStream in) throws IOException {
        int length = 0;
        for (int c = in.readUnsignedByte(); c != ' '; c = in.readUnsignedByte()) {
            if (c < '0' || c > '9') {
                throw new IOException("no count of octets, but " + (char) c);
            }
            length = length * 10 + c - '0';
        }
        byte[] message = new byte[length];
        in.readFully(message);
        return new String(message, StandardCharsets.UTF_8);
    }

    List<String> messages() {
        return messages;
    }

    /** The lines that they carry, which begin behind the structured data. */
    List<JsonNode> lines() {
        return messages.stream()
                .map(message -> JsonMapper.shared().readTree(message.substring(message.indexOf("] {") + 2)))
                .toList();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
