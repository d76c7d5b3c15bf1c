package dev.exeat.it;

import dev.exeat.net.ByteStream;
import dev.exeat.net.ConnectHandler;
import dev.exeat.net.EventLoop;
import dev.exeat.net.StreamException;
import dev.exeat.net.TcpStream;
import dev.exeat.net.Timeout;
import dev.exeat.net.TlsFailure;
import dev.exeat.net.TlsHandler;
import dev.exeat.net.TlsStream;
import dev.exeat.proxy.h2.H2ClientConnection;
import dev.exeat.proxy.h2.H2ClientHandler;
import dev.exeat.proxy.h2.H2Closed;
import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.h2.OpenHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** One client of a {@link Crowd}, from its connect to its end. Confined to its loop. */
final class Visitor {
    private static final String AUTHORITY = Crowd.HOST + ":443";
    private static final byte[] CONNECT = ("CONNECT " + AUTHORITY + " HTTP/1.1\r\nHost: " + AUTHORITY + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BULK = new byte[200_000];

    private final EventLoop loop;
    private final Crowd.Doors doors;
    private final Habit habit;
    private final Consumer<String> ended;
    private final Timeout deadline;
    private boolean over;

    /** @param ended is told once, what went wrong or nothing */
    Visitor(EventLoop loop, Crowd.Doors doors, Habit habit, Consumer<String> ended) {
        this.loop = loop;
        this.doors = doors;
        this.habit = habit;
        this.ended = ended;
        this.deadline = loop.schedule(Crowd.patience(), () -> end("what it waits for did not come"));
    }

    private void end(String failure) {
        if (!over) {
            over = true;
            deadline.cancel();
            ended.accept(failure);
        }
    }

    void begin() {
        InetSocketAddress door = habit.door == Habit.Door.PLAIN ? doors.plain() : doors.tunnel();
        loop.connect(door, new ConnectHandler() {
            @Override
            public void connected(TcpStream stream) {
                enter(stream);
            }

            @Override
            public void failed(IOException e) {
                end("connect: " + e.getMessage());
            }
        });
    }

    private void enter(TcpStream tcp) {
        switch (habit) {
            case SILENT -> {
                tcp.end();
                end("");
            }
            case BROKEN_OFF -> {
                tcp.write(ByteBuffer.wrap(Crowd.HELLO, 0, Crowd.HELLO.length / 2));
                tcp.reset();
                end("");
            }
            case HALF_A_HANDSHAKE -> {
                // Any TLS hello begins a handshake; this one's ends with the server's answer.
                tcp.write(ByteBuffer.wrap(Crowd.HELLO));
                expect(tcp, new byte[0], 1, tcp::reset);
            }
            case DENIED -> expect(tcp, Crowd.DENIED, -1, tcp::end);
            default -> {
                if (habit.door == Habit.Door.PLAIN) {
                    talk(tcp);
                } else {
                    secure(tcp);
                }
            }
        }
    }

    private void secure(TcpStream tcp) {
        boolean http2 = habit.door == Habit.Door.HTTP2;
        TlsStream.connect(http2 ? doors.http2() : doors.http1(), tcp, "", Crowd.patience(), new TlsHandler() {
            @Override
            public void established(TlsStream stream) {
                if (http2) {
                    H2ClientConnection.start(stream, H2Limits.defaults(), new Streams());
                } else {
                    ask(stream, CONNECT, 12, "HTTP/1.1 200", () -> talk(stream));
                }
            }

            @Override
            public void failed(TlsStream stream, TlsFailure failure) {
                end("TLS: " + failure);
            }
        });
    }

    /** Hello and answer, and the end that it likes. */
    private void talk(ByteStream stream) {
        ask(stream, Crowd.HELLO, CrowdUpstream.ANSWER.length(), CrowdUpstream.ANSWER, () -> {
            if (habit.resets()) {
                stream.reset();
                end("");
            } else if (habit == Habit.HALF_CLOSING || habit == Habit.BULKY) {
                byte[] more = habit == Habit.BULKY ? BULK : new byte[0];
                new Conversation(stream, more, -1, "", stream::end).finishing().start();
            } else {
                stream.end();
                end("");
            }
        });
    }

    private void ask(ByteStream stream, byte[] question, int length, String answer, Runnable then) {
        new Conversation(stream, question, length, answer, then).start();
    }

    /** The last of a client: a number of octets, or with -1 the other's end, and then its own. */
    private void expect(ByteStream stream, byte[] question, int length, Runnable leave) {
        new Conversation(stream, question, length, "", () -> {
                    leave.run();
                    end("");
                })
                .start();
    }

    /** Says something, and waits for an answer that begins so. */
    private final class Conversation implements ByteStream.Handler {
        private final ByteStream stream;
        private final ByteBuffer question;
        private final ByteBuffer seen;
        private final boolean untilEnd;
        private final String answer;
        private final Runnable then;
        private boolean finishing;
        private boolean answered;

        Conversation(ByteStream stream, byte[] question, int length, String answer, Runnable then) {
            this.stream = stream;
            this.question = ByteBuffer.wrap(question);
            this.untilEnd = length < 0;
            this.seen = ByteBuffer.allocate(Math.max(length, 0));
            this.answer = answer;
            this.then = then;
        }

        Conversation finishing() {
            finishing = true;
            return this;
        }

        void start() {
            stream.handler(this);
            proceed();
        }

        @Override
        public void readable(ByteStream unused) {
            proceed();
        }

        @Override
        public void writable(ByteStream unused) {
            proceed();
        }

        private void proceed() {
            if (answered) {
                return;
            }
            try {
                if (question.hasRemaining()) {
                    stream.write(question);
                }
                if (finishing && !question.hasRemaining()) {
                    finishing = false;
                    stream.finish();
                }
                read();
            } catch (StreamException e) {
                broke(String.valueOf(e.getMessage()));
            }
        }

        private void read() {
            while (!answered) {
                ByteBuffer bytes = stream.loop().scratch().bytes().clear();
                int read = stream.read(stream.loop().scratch());
                if (read == 0) {
                    return;
                }
                if (read < 0) {
                    broke("the connection ended");
                    return;
                }
                bytes.flip();
                while (seen.hasRemaining() && bytes.hasRemaining()) {
                    seen.put(bytes.get());
                }
                if (!untilEnd && !seen.hasRemaining()) {
                    check();
                }
            }
        }

        private void check() {
            answered = true;
            String text = new String(seen.array(), StandardCharsets.ISO_8859_1);
            if (text.startsWith(answer)) {
                then.run();
            } else {
                stream.reset();
                end("the answer was " + Arrays.toString(seen.array()));
            }
        }

        private void broke(String how) {
            answered = true;
            if (untilEnd) {
                if (!stream.isClosed()) {
                    then.run();
                }
                end("");
            } else {
                stream.reset();
                end(how);
            }
        }
    }

    /** Two tunnels; the connection drains when both are done. */
    private final class Streams implements H2ClientHandler {
        private int done;

        @Override
        public void ready(H2ClientConnection connection) {
            open(connection, true);
            open(connection, false);
        }

        private void open(H2ClientConnection connection, boolean polite) {
            connection.open(AUTHORITY, new OpenHandler() {
                @Override
                public void opened(ByteStream tunnel) {
                    ask(tunnel, Crowd.HELLO, CrowdUpstream.ANSWER.length(), CrowdUpstream.ANSWER, () -> {
                        if (polite) {
                            tunnel.end();
                        } else {
                            tunnel.reset();
                        }
                        if (++done == 2) {
                            connection.drain();
                        }
                    });
                }

                @Override
                public void refused(int status, byte[] body) {
                    end("CONNECT was answered " + status + " " + new String(body, StandardCharsets.UTF_8));
                }

                @Override
                public void failed(boolean untouched, String detail) {
                    end("CONNECT: " + detail);
                }
            });
        }

        @Override
        public void draining(H2ClientConnection connection) {
            // Both tunnels are open by then, or fail.
        }

        @Override
        public void closed(H2ClientConnection connection, H2Closed how) {
            end(done == 2 ? "" : "HTTP/2: " + how.detail());
        }
    }
}
