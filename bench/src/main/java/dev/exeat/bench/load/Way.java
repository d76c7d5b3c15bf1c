package dev.exeat.bench.load;

import dev.exeat.net.ByteStream;

/** Opens streams to the upstream through a measured program. Confined to a loop. */
interface Way {

    /** What came of it; exactly one is called, later. */
    interface Opened {
        void opened(ByteStream stream);

        void failed(String detail);
    }

    void open(Opened then);

    /** Ends what it keeps open for its streams. */
    void close();
}
