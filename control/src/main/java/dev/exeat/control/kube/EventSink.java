package dev.exeat.control.kube;

import java.io.IOException;

/** Takes the events of a watch, each a whole text of JSON. Both methods wait for the client. */
interface EventSink {
    void event(byte[] json) throws IOException;

    /** There is no further event for now. */
    void flush() throws IOException;
}
