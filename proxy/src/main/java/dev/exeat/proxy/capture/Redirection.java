package dev.exeat.proxy.capture;

import dev.exeat.model.Reason;
import dev.exeat.net.TcpStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Where an application wanted to go whose connection the kernel redirected, or why that can't be told. */
public sealed interface Redirection {

    record To(InetSocketAddress destination) implements Redirection {}

    record Refused(Reason reason, String detail) implements Redirection {}

    /**
     * Asks the kernel; to be called on the stream's loop.
     *
     * @param gateways whose addresses only the proxy itself dials
     */
    static Redirection of(TcpStream stream, Collection<InetSocketAddress> gateways) {
        return judge(stream.originalDestination(), stream.local(), stream.peer().getAddress(), gateways);
    }

    /**
     * @param original what the kernel has kept, null for nothing
     * @param local where the connection came in
     */
    static Redirection judge(
            @Nullable InetSocketAddress original,
            InetSocketAddress local,
            InetAddress peer,
            Collection<InetSocketAddress> gateways) {
        if (original == null || original.equals(local)) {
            return new Refused(Reason.NOT_REDIRECTED, "no rule redirected this connection; see 'exeat proxy setup'");
        }
        InetAddress wanted = original.getAddress();
        boolean ownHost = wanted.isLoopbackAddress() || wanted.equals(local.getAddress()) || wanted.equals(peer);
        if (ownHost && original.getPort() == local.getPort()) {
            return new Refused(Reason.REDIRECT_LOOP, "the destination is this listener itself");
        }
        if (gateways.contains(original)) {
            return new Refused(
                    Reason.REDIRECT_LOOP,
                    "the destination is the gateway: except the proxy's own user from the redirect");
        }
        return new To(original);
    }
}
