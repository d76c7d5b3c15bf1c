package dev.exeat.proxy;

import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloWatcher;
import dev.exeat.net.Gate;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The two gates of a relay during the application's handshake: the first ClientHello, which was judged, passes; a
 * second one passes only with the same server name. Both open when nothing is left to watch.
 */
final class HelloGates {
    /** Null once nothing is left to watch. */
    private @Nullable HelloWatcher watcher;

    private int judged;

    /** @param judged octets at the head of the client's direction that hold the judged hello */
    HelloGates(HelloWatcher watcher, int judged) {
        this.watcher = watcher;
        this.judged = judged;
    }

    Gate client() {
        return new Gate() {
            @Override
            public int admit(ByteBuffer held) {
                int hello = judged;
                judged = 0;
                if (hello == held.remaining()) {
                    return hello;
                }
                ByteBuffer rest = held.slice(held.position() + hello, held.remaining() - hello);
                int more = watcher == null ? rest.remaining() : watcher.client(rest);
                return more < 0 ? more : hello + more;
            }

            @Override
            public boolean open() {
                return judged == 0 && done();
            }
        };
    }

    Gate upstream() {
        return new Gate() {
            @Override
            public int admit(ByteBuffer held) {
                return watcher == null ? held.remaining() : watcher.server(held);
            }

            @Override
            public boolean open() {
                return done();
            }
        };
    }

    private boolean done() {
        if (watcher != null && watcher.done()) {
            watcher = null;
        }
        return watcher == null;
    }

    /** What the client did against the rules, or null. */
    HelloProgress.@Nullable Refused violation() {
        return watcher == null ? null : watcher.violation();
    }
}
