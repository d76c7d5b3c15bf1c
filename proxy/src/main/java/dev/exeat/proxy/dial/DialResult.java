package dev.exeat.proxy.dial;

import dev.exeat.model.Reason;
import dev.exeat.net.ByteStream;
import java.net.InetSocketAddress;
import java.util.List;

/** What came of dialling the vetted addresses of an upstream. */
public sealed interface DialResult<S extends ByteStream> {

    record Connected<S extends ByteStream>(S stream, InetSocketAddress address) implements DialResult<S> {}

    /**
     * @param reason {@link Reason#DIAL_FAILED}, or {@link Reason#DIAL_TIMEOUT} if some address did not answer at all
     * @param errors what became of each address that was tried, in the order of trying
     */
    record Failed<S extends ByteStream>(Reason reason, List<AddressError> errors) implements DialResult<S> {
        public Failed {
            errors = List.copyOf(errors);
        }

        /** One line for people, as in {@code 192.0.2.1:443 connection refused; 192.0.2.2:443 no answer}. */
        public String detail() {
            StringBuilder text = new StringBuilder();
            for (AddressError error : errors) {
                text.append(text.isEmpty() ? "" : "; ").append(error);
            }
            return text.toString();
        }
    }

    record AddressError(InetSocketAddress address, String error) {
        @Override
        public String toString() {
            return HappyEyeballs.text(address) + " " + error;
        }
    }
}
