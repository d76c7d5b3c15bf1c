package dev.exeat.net;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * A stream that a relay does not know as TCP, so that it copies, as it does for tunnels.
 *
 * @param flushed whether it keeps nothing
 */
record Veiled(TcpStream tcp, BooleanSupplier flushed) implements ByteStream {
    Veiled(TcpStream tcp) {
        this(tcp, () -> true);
    }

    @Override
    public EventLoop loop() {
        return tcp.loop();
    }

    @Override
    public void handler(Handler handler) {
        tcp.handler(new Handler() {
            @Override
            public void readable(ByteStream stream) {
                handler.readable(Veiled.this);
            }

            @Override
            public void writable(ByteStream stream) {
                handler.writable(Veiled.this);
            }
        });
    }

    @Override
    public int read(IoBuffer into) {
        return tcp.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        return tcp.write(from);
    }

    @Override
    public void finish() {
        tcp.finish();
    }

    @Override
    public boolean flush() {
        return flushed.getAsBoolean();
    }

    @Override
    public void end() {
        tcp.end();
    }

    @Override
    public void reset() {
        tcp.reset();
    }

    @Override
    public boolean isClosed() {
        return tcp.isClosed();
    }
}
