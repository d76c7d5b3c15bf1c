package dev.exeat.policy.lint.hosts;

import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.List;

/** Takes names apart at their dots. */
public final class HostNames {
    private HostNames() {}

    /** What remains of a name when labels are taken from its front: for {@code a.b.c} first {@code b.c}, then {@code c}. */
    static List<String> above(String name) {
        List<String> above = new ArrayList<>();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            above.add(name.substring(dot + 1));
        }
        return above;
    }

    static List<String> andAbove(String name) {
        List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(above(name));
        return all;
    }

    static String lastTwoLabels(String name) {
        int last = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', last - 1) + 1);
    }

    /** Every pattern that covers all that this one does, itself first. */
    public static List<HostPattern> covering(HostPattern pattern) {
        List<HostPattern> covering = new ArrayList<>();
        covering.add(pattern);
        above(pattern.suffix()).forEach(suffix -> covering.add(new HostPattern(suffix, true)));
        if (!pattern.suffix().isEmpty()) {
            covering.add(new HostPattern("", true));
        }
        return covering;
    }
}
