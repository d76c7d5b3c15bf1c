package dev.exeat.proxy;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import org.jspecify.annotations.Nullable;

/**
 * The rule that every name the client gave must be the same canonical name: the CONNECT authority, the outer
 * server name where it names the target, and the server name of the application's ClientHello.
 */
final class Agreement {

    /** Either the one target that all names agree on, or what disagrees. */
    sealed interface Result {
        record Agreed(HostPort target) implements Result {}

        record Disagreed(Reason reason, String detail) implements Result {}
    }

    private Agreement() {}

    static Result check(Arrival arrival, HelloFacts hello) {
        ServerName inner = hello.serverName();
        HostPort connect = arrival.connectTarget();
        if (connect != null && !connect.host().equals(inner)) {
            return mismatch("the CONNECT authority names " + connect.host(), inner);
        }
        if (arrival.mode() == TunnelMode.DIRECT) {
            Result.Disagreed problem = checkOuter(arrival.outerName(), inner);
            if (problem != null) {
                return problem;
            }
        }
        return new Result.Agreed(new HostPort(inner, arrival.port()));
    }

    private static Result.@Nullable Disagreed checkOuter(@Nullable String outerName, ServerName inner) {
        if (outerName == null || outerName.isEmpty()) {
            return new Result.Disagreed(
                    Reason.SNI_MISSING,
                    "the outer ClientHello names no server; without a CONNECT it must name the target");
        }
        try {
            ServerName outer = ServerName.parse(outerName);
            return outer.equals(inner) ? null : mismatch("the outer server name is " + outer, inner);
        } catch (InvalidNameException e) {
            return new Result.Disagreed(Reason.SNI_INVALID, "the outer server name: " + e.getMessage());
        }
    }

    private static Result.Disagreed mismatch(String other, ServerName inner) {
        return new Result.Disagreed(Reason.SNI_MISMATCH, other + ", but the inner ClientHello names " + inner);
    }
}
