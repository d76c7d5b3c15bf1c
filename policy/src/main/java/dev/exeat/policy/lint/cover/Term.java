package dev.exeat.policy.lint.cover;

import dev.exeat.model.HostPattern;
import dev.exeat.policy.lint.hosts.HostNames;
import java.util.ArrayList;
import java.util.List;

/** One value that an entry asks for on one of its axes. */
public sealed interface Term {
    /** Every term that covers all that this one does, itself first. */
    List<? extends Term> covering();

    /** A value that nothing but itself covers. */
    record Exact(Object value) implements Term {
        @Override
        public List<Term> covering() {
            return List.of(this);
        }
    }

    record Host(HostPattern pattern) implements Term {
        @Override
        public List<Host> covering() {
            return HostNames.covering(pattern).stream().map(Host::new).toList();
        }
    }

    /** Every client of a namespace. */
    record Namespace(String name) implements Term {
        @Override
        public List<Term> covering() {
            return List.of(this);
        }
    }

    /** @param value whoever it is, all are of the namespace */
    record Client(String namespace, Object value) implements Term {
        @Override
        public List<Term> covering() {
            return List.of(this, new Namespace(namespace));
        }
    }

    /** As AuthorizationPolicy compares: {@code *}, {@code text*}, {@code *text}, or the text itself. */
    record Text(String pattern) implements Term {
        @Override
        public List<Text> covering() {
            List<Text> covering = new ArrayList<>();
            covering.add(this);
            boolean suffix = pattern.startsWith("*");
            boolean prefix = !suffix && pattern.endsWith("*");
            String fixed =
                    suffix ? pattern.substring(1) : prefix ? pattern.substring(0, pattern.length() - 1) : pattern;
            for (int i = 1; i < fixed.length(); i++) {
                if (!suffix) {
                    covering.add(new Text(fixed.substring(0, i) + "*"));
                }
                if (!prefix) {
                    covering.add(new Text("*" + fixed.substring(i)));
                }
            }
            if (!fixed.isEmpty()) {
                if (!suffix && !prefix) {
                    covering.add(new Text(fixed + "*"));
                    covering.add(new Text("*" + fixed));
                }
                covering.add(new Text("*"));
            }
            return covering;
        }
    }
}
