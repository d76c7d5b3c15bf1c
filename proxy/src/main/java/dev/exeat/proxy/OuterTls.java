package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.identity.KeyMatch;
import dev.exeat.identity.PeerRole;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.net.PeerVerdict;
import dev.exeat.net.PeerVerifier;
import dev.exeat.net.TcpStream;
import dev.exeat.net.TlsContext;
import dev.exeat.net.TlsHandler;
import dev.exeat.net.TlsIdentity;
import dev.exeat.net.TlsOptions;
import dev.exeat.net.TlsStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The TLS context of the mutual TLS between workload proxy and gateway, made anew whenever the own SVID or the
 * trust bundle changes. Streams begun under an earlier context keep it. Safe for any thread.
 */
public final class OuterTls implements AutoCloseable {
    /** By the library that will use the key, so that the Java platform's slow start of the same is spared. */
    public static final KeyMatch KEY_MATCH = OuterTls::belongTogether;

    private static final TlsOptions NO_OPTIONS = new TlsOptions(List.of());

    private final SvidSource source;
    private final PeerVerifier verifier;
    private final PeerRole peer;
    private final TlsOptions options;
    private final AtomicReference<TlsContext> current;

    private OuterTls(SvidSource source, PeerVerifier verifier, PeerRole peer, TlsOptions options) {
        this.source = source;
        this.verifier = verifier;
        this.peer = peer;
        this.options = options;
        this.current = new AtomicReference<>(make());
        source.onChange(this::renew);
    }

    /** For a listener whose peers are workloads. */
    public static OuterTls server(SvidSource source, SvidValidator validator, TlsOptions options) {
        return new OuterTls(source, verifier(validator, PeerRole.CLIENT), PeerRole.CLIENT, options);
    }

    /** For a dialler whose peers are gateways. */
    public static OuterTls client(SvidSource source, PeerVerifier verifier, TlsOptions options) {
        return new OuterTls(source, verifier, PeerRole.SERVER, options);
    }

    /** Begins a handshake as {@link TlsStream#accept} does, under the context of now. */
    TlsStream accept(TcpStream tcp, Duration deadline, TlsHandler owner) {
        return begin(context -> TlsStream.accept(context, tcp, deadline, owner));
    }

    /** Begins a handshake as {@link TlsStream#connect} does, naming no server, under the context of now. */
    public TlsStream connect(TcpStream tcp, Duration deadline, TlsHandler owner) {
        return begin(context -> TlsStream.connect(context, tcp, "", deadline, owner));
    }

    /** A context can be renewed, and the earlier one closed, between the look and the use. */
    private TlsStream begin(Function<TlsContext, TlsStream> handshake) {
        while (true) {
            TlsContext context = current.get();
            try {
                return handshake.apply(context);
            } catch (IllegalStateException e) {
                if (context.equals(current.get())) {
                    throw e;
                }
            }
        }
    }

    /** One at a time, so that the context of the latest SVID is the last. */
    private synchronized void renew() {
        current.getAndSet(make()).close();
    }

    private TlsContext make() {
        Svid svid = source.svid();
        TlsIdentity identity = new TlsIdentity(svid.chainDer(), svid.pkcs8Key());
        return peer == PeerRole.CLIENT
                ? TlsContext.server(identity, verifier, options)
                : TlsContext.client(identity, verifier, options);
    }

    private static boolean belongTogether(X509Certificate certificate, byte[] pkcs8) {
        try {
            TlsIdentity identity = new TlsIdentity(List.of(certificate.getEncoded()), pkcs8);
            TlsContext.client(identity, _ -> PeerVerdict.BAD_CERTIFICATE, NO_OPTIONS)
                    .close();
            return true;
        } catch (CertificateEncodingException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Tells TLS which alert a chain deserves that is no valid SVID. */
    public static PeerVerifier verifier(SvidValidator validator, PeerRole role) {
        return chain -> {
            try {
                validator.validate(chain, role);
                return PeerVerdict.OK;
            } catch (InvalidSvidException e) {
                return verdict(e);
            }
        };
    }

    static PeerVerdict verdict(InvalidSvidException problem) {
        return switch (problem.kind()) {
            case UNKNOWN_CA -> PeerVerdict.UNKNOWN_CA;
            case EXPIRED -> PeerVerdict.EXPIRED;
            case REVOKED -> PeerVerdict.REVOKED;
            case BAD_CERTIFICATE -> PeerVerdict.BAD_CERTIFICATE;
        };
    }

    @Override
    public void close() {
        current.get().close();
    }
}
