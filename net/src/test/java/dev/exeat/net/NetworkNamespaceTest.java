package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    private static final String UP = "ip link set lo up && echo up && exec cat";

    @Test
    void a_socket_listens_within_and_nowhere_else() throws Exception {
        Process other = new ProcessBuilder("unshare", "-n", "sh", "-c", UP).start();
        try {
            assumeTrue("up".equals(other.inputReader().readLine()), "no network namespace can be made here");
            Path namespace = Path.of("/proc", Long.toString(other.pid()), "ns", "net");

            try (ServerSocket listener = NetworkNamespace.call(namespace, NetworkNamespaceTest::listener)) {
                InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
                assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
                Socket client = NetworkNamespace.call(namespace, () -> connected(address));
                try (client;
                        Socket accepted = listener.accept()) {
                    client.getOutputStream().write(7);
                    assertThat(accepted.getInputStream().read()).isEqualTo(7);
                }
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void one_that_is_not_there_is_said_to_be_so() {
        assertThatThrownBy(() -> NetworkNamespace.call(Path.of("/proc/self/ns/nothing"), () -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/proc/self/ns/nothing can't be entered");
    }

    private static ServerSocket listener() {
        try {
            return new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1000);
        }
    }

    private static Socket connected(InetSocketAddress address) {
        try {
            return new Socket(address.getAddress(), address.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
