package dev.exeat.it.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A server in a process of its own, so that it can be killed and stopped: {@code Upstream ADDRESS PORT}. It takes a
 * ClientHello and what a {@link Manifest} announces, and sends back the digest and the announced octets. A stream that
 * ends in order before all has come is told on standard output, as {@code short ID}; so is one with other octets than
 * were sent, as {@code corrupt ID}.
 */
final class Upstream {
    private static final int BACKLOG = 1024;
    private static final int RECORD_HEADER = 5;

    private Upstream() {}

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReuseAddress(true);
            listener.bind(
                    new InetSocketAddress(InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1])),
                    BACKLOG);
            System.out.println("listening");
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        Manifest manifest = null;
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            passHello(in);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(Cargo.WELCOME);
            out.flush();
            manifest = Manifest.read(in);
            byte[] digest = Cargo.receive(in, manifest.up());
            if (!java.util.Arrays.equals(digest, Cargo.digest(manifest.seedUp(), manifest.up()))) {
                System.out.println("corrupt " + manifest.id());
            }
            out.write(digest);
            Cargo.send(out, manifest.seedDown(), manifest.down(), () -> {});
            socket.shutdownOutput();
            in.skip(Long.MAX_VALUE);
        } catch (EOFException e) {
            if (manifest != null) {
                System.out.println("short " + manifest.id());
            }
        } catch (IOException e) {
            // The other side was told of no end in order either.
        }
    }

    private static void passHello(InputStream in) throws IOException {
        byte[] header = Cargo.read(in, RECORD_HEADER);
        Cargo.read(in, ((header[3] & 0xff) << 8) | (header[4] & 0xff));
    }
}
