package dev.exeat.it.faults;

import dev.exeat.testkit.ClientHelloBuilder;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSocket;

/**
 * Makes one {@link Visit} after the other: through the mesh to an upstream, with all octets checked. A visit's id is the
 * application protocol that its ClientHello offers, so that its record can be told from all others. Thread-safe.
 */
final class Client {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int ALERT = 21;

    private final Doors doors;
    private final SSLContext identity;

    /**
     * Where to go in.
     *
     * @param upstreamPort that of both upstreams
     */
    record Doors(
            InetSocketAddress up,
            InetSocketAddress gateway,
            InetSocketAddress proxy,
            InetSocketAddress plain,
            int upstreamPort) {
        InetSocketAddress of(Route route) {
            return switch (route) {
                case UP -> up;
                case GATEWAY -> gateway;
                case PROXY -> proxy;
                case PLAIN -> plain;
            };
        }
    }

    /**
     * What to carry.
     *
     * @param pace called between the pieces that the client sends
     */
    record Errand(long id, Route route, String host, long up, long down, Cargo.Pace pace) {}

    /** How a visit got on. */
    private static final class Progress {
        private boolean welcomed;
        private long firstOctet = -1;
    }

    Client(Doors doors, SSLContext identity) {
        this.doors = doors;
        this.identity = identity;
    }

    /** The same with another identity. */
    Client as(SSLContext other) {
        return new Client(doors, other);
    }

    Doors doors() {
        return doors;
    }

    static String protocol(long id) {
        return "visit-" + id;
    }

    /** Never throws for what happens on the network. */
    Visit visit(Errand errand) {
        long began = System.nanoTime();
        Progress progress = new Progress();
        Ending ending;
        String detail = "";
        Socket tcp = new Socket();
        try (tcp) {
            try {
                ending = carry(errand, tcp, began, progress);
            } catch (SocketTimeoutException e) {
                ending = Ending.SILENT;
            } catch (EOFException e) {
                ending = progress.welcomed ? Ending.TRUNCATED : Ending.FAILED;
                detail = String.valueOf(e.getMessage());
            } catch (IOException | UncheckedIOException e) {
                ending = Ending.FAILED;
                detail = e.toString();
            }
            if (ending != Ending.DELIVERED && !tcp.isClosed()) { // A failed handshake has closed it.
                tcp.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            ending = Ending.FAILED;
            detail = e.toString();
        }
        return new Visit(
                errand.id(),
                errand.route(),
                errand.host(),
                began,
                System.nanoTime(),
                ending,
                progress.firstOctet,
                detail);
    }

    private Ending carry(Errand errand, Socket tcp, long began, Progress progress) throws IOException {
        Socket socket = open(errand.route(), tcp);
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        if (errand.route() != Route.PLAIN && !connect(errand, in, out)) {
            return Ending.REFUSED;
        }
        out.write(
                ClientHelloBuilder.to(errand.host()).alpn(protocol(errand.id())).records());
        out.flush();
        byte[] welcome = Cargo.read(in, Cargo.WELCOME.length);
        if (!Arrays.equals(welcome, Cargo.WELCOME)) {
            return welcome[0] == ALERT ? Ending.REFUSED : Ending.CORRUPT;
        }
        progress.welcomed = true;
        progress.firstOctet = System.nanoTime() - began;
        Manifest manifest = new Manifest(errand.id(), errand.up(), errand.down());
        manifest.write(new DataOutputStream(out));
        Cargo.send(out, manifest.seedUp(), manifest.up(), errand.pace());
        if (!Arrays.equals(Cargo.read(in, Cargo.DIGEST), Cargo.digest(manifest.seedUp(), manifest.up()))
                || !Arrays.equals(
                        Cargo.receive(in, manifest.down()), Cargo.digest(manifest.seedDown(), manifest.down()))) {
            return Ending.CORRUPT;
        }
        Ending ending = ends(in) ? Ending.DELIVERED : Ending.CORRUPT;
        socket.close();
        return ending;
    }

    /**
     * Whether the gateway's end is next. A clock that is set back during a handshake makes the TLS library hand out a
     * ticket that lives for no time, as RFC 8446 section 4.6.1 allows. This client's TLS never leaves the handling of
     * such a ticket, and takes the close_notify at the end for one amid a handshake.
     */
    private static boolean ends(InputStream in) throws IOException {
        try {
            return in.read() < 0;
        } catch (SSLProtocolException e) {
            if (String.valueOf(e.getMessage()).contains("Received close_notify during handshake")) {
                return true;
            }
            throw e;
        }
    }

    private Socket open(Route route, Socket tcp) throws IOException {
        tcp.setTcpNoDelay(true);
        tcp.connect(doors.of(route), PATIENCE_MILLIS);
        tcp.setSoTimeout(PATIENCE_MILLIS);
        if (!route.hasTlsToClient()) {
            return tcp;
        }
        InetAddress peer = tcp.getInetAddress();
        SSLSocket tls =
                (SSLSocket) identity.getSocketFactory().createSocket(tcp, peer.getHostAddress(), tcp.getPort(), true);
        tls.startHandshake();
        return tls;
    }

    private boolean connect(Errand errand, InputStream in, OutputStream out) throws IOException {
        String authority = errand.host() + ":" + doors.upstreamPort();
        out.write(("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the answer to CONNECT ended early");
            }
            head.append((char) octet);
        }
        return head.toString().startsWith("HTTP/1.1 200");
    }
}
