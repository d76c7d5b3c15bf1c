package dev.exeat.net;

import java.nio.ByteBuffer;

/** A stream that a relay does not know as TCP, so that it copies, as it does for tunnels. */
record Veiled(TcpStream tcp) implements ByteStream {
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
