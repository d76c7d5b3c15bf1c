package dev.exeat.policy.mixer;

import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.StatusCode;
import dev.exeat.policy.cexl.AttributeBag;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.EvaluationException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A handler joined with an instance, ready to be asked. Immutable and thread-safe. */
sealed interface Check {
    CheckResult make(AttributeBag bag, Instant now);

    /** What came nearest to let what is refused pass; empty where nothing is near. Takes long for a long list. */
    default String nearest(AttributeBag bag) {
        return "";
    }

    /** Of an action that cannot be carried out: denies. */
    record Broken(String message) implements Check {
        @Override
        public CheckResult make(AttributeBag bag, Instant now) {
            return new CheckResult.Failed(message);
        }
    }

    /** Of a {@code denier}: always the same status. */
    record Constant(CheckResult result) implements Check {
        static Constant of(String handler, HandlerConfig.Deny deny) {
            return new Constant(
                    deny.code() == StatusCode.OK
                            ? CheckResult.PASSED
                            : new CheckResult.Refused(deny.code(), handler + ":" + deny.message()));
        }

        @Override
        public CheckResult make(AttributeBag bag, Instant now) {
            return result;
        }
    }

    /**
     * Of a {@code listchecker}.
     *
     * @param handler its displayed name, {@code name.namespace}
     * @param instance the instance's full name
     * @param list null where it has not been loaded
     * @param expiry when the fetched entries may no longer be used, or null where there are none
     */
    record OfList(
            String handler,
            String instance,
            CompiledExpression value,
            boolean blacklist,
            @Nullable EntryList list,
            @Nullable Instant expiry)
            implements Check {
        @Override
        public CheckResult make(AttributeBag bag, Instant now) {
            String text;
            try {
                text = value.evaluate(bag).toString();
            } catch (EvaluationException e) {
                return new CheckResult.Failed(
                        "evaluation failed at [" + instance + "]'Value': '" + e.getMessage() + "'");
            }
            if (list == null) {
                return new CheckResult.Failed(handler + ":the list has not been loaded");
            }
            if (expiry != null && now.isAfter(expiry)) {
                return new CheckResult.Failed(handler + ":the list has not been refreshed within its ttl");
            }
            if (text.isEmpty()) {
                return invalid(text, " is not a valid string or IP address");
            }
            try {
                boolean listed = list.contains(text);
                return listed != blacklist
                        ? CheckResult.PASSED
                        : new CheckResult.Refused(
                                StatusCode.PERMISSION_DENIED,
                                handler + ":" + text + (blacklist ? " is blacklisted" : " is not whitelisted"));
            } catch (InvalidNameException e) {
                return invalid(text, " is not a valid IP address");
            }
        }

        @Override
        public String nearest(AttributeBag bag) {
            if (list == null || blacklist) {
                return "";
            }
            try {
                return list.nearest(value.evaluate(bag).toString());
            } catch (EvaluationException e) {
                return "";
            }
        }

        private CheckResult invalid(String text, String what) {
            return new CheckResult.Refused(StatusCode.INVALID_ARGUMENT, handler + ":" + text + what);
        }
    }
}
