package dev.exeat.control.kube;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers for a part of objects that is more than their fields, as for the log of a pod. Thread-safe. */
@FunctionalInterface
public interface Subresource {

    /** The object whose part is asked for; it need not exist. */
    record Of(String namespace, String name) {}

    /**
     * Answers, and may block. The caller is known and may ask.
     *
     * @throws KubeException to be answered as a Status; nothing was written then
     */
    void answer(Of object, Request request, Response response, Callback callback) throws InterruptedException;
}
