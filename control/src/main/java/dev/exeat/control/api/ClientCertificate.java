package dev.exeat.control.api;

import java.security.cert.X509Certificate;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What a client shows in the handshake of TLS. */
public final class ClientCertificate {
    private ClientCertificate() {}

    /** The certificate whose key the client has proved to hold, not verified otherwise; null where it shows none. */
    public static @Nullable X509Certificate of(Request request) {
        if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session) {
            X509Certificate[] chain = session.peerCertificates();
            return chain == null || chain.length == 0 ? null : chain[0];
        }
        return null;
    }
}
