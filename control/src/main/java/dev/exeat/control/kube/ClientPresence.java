package dev.exeat.control.kube;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client has gone, or lost its network, while an answer goes on in which nothing may happen for long: HTTP/1.1
 * reads no more of a connection until the answer is over. A client that sends something meanwhile counts as gone too.
 */
public final class ClientPresence implements Callback, AutoCloseable {
    private final AbstractEndPoint connection;
    private final Runnable gone;
    private volatile boolean over;

    private ClientPresence(AbstractEndPoint connection, Runnable gone) {
        this.connection = connection;
        this.gone = gone;
    }

    /** @param gone called at most once, on a thread that must not wait */
    public static ClientPresence of(EndPoint connection, Runnable gone) {
        if (!(connection instanceof AbstractEndPoint waiting)) {
            throw new IllegalStateException("a connection that cannot be waited for: " + connection.getClass());
        }
        ClientPresence presence = new ClientPresence(waiting, gone);
        waiting.tryFillInterested(presence);
        return presence;
    }

    @Override
    public void succeeded() {
        ByteBuffer octet = BufferUtil.allocate(1);
        try {
            if (connection.fill(octet) != 0) {
                depart();
            } else if (!over) {
                connection.tryFillInterested(this);
            }
        } catch (IOException e) {
            depart();
        }
    }

    @Override
    public void failed(Throwable cause) {
        depart();
    }

    private void depart() {
        if (!over) {
            over = true;
            gone.run();
        }
    }

    /** The connection is HTTP's again. */
    @Override
    public void close() {
        over = true;
        connection.getFillInterest().onFail(new CancellationException());
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
