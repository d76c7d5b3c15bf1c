package dev.exeat.net;

import java.nio.ByteBuffer;

/** Decides, at the start of a relay, which bytes of one direction may pass. Called on the relay's loop. */
public interface Gate {
    /** The answer of {@link #admit} that ends the relay: nothing that is held is sent on. */
    int REFUSE = -1;

    /**
     * Looks at the bytes that have arrived and not yet passed; asked again when there are more of them.
     *
     * @param held from the first byte that has not passed; to be read only
     * @return how many of them may pass now, 0 to wait for more, or {@link #REFUSE}
     */
    int admit(ByteBuffer held);

    /** Whether everything from here on may pass unseen. */
    boolean open();
}
