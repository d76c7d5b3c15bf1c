package dev.exeat.policy.lint;

import dev.exeat.policy.lint.hosts.LookAlikes;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A name that people take for another: letters of other scripts, or a name beside one that looks the same. */
final class LookAlikeName implements LintCheck {
    private static final String ACE_PREFIX = "xn--";

    private final PublicSuffixes suffixes;

    LookAlikeName(PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    @Override
    public String code() {
        return "look-alike-name";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Map<String, HostUse> byLook = new HashMap<>();
        for (HostUse use : subject.uses()) {
            if (!use.role().denies()) {
                byLook.merge(look(use), use, LookAlikeName::plainer);
            }
        }
        for (HostUse use : subject.uses()) {
            if (use.role().denies()) {
                continue; // Look-alikes are what one wants to deny.
            }
            String foreign = foreign(use.pattern().suffix());
            HostUse other = byLook.get(look(use));
            if (foreign != null) {
                findings.accept(Finding.at(use, foreign, "make sure that it is the name that is meant"));
            } else if (other != null && !owned(other).equals(owned(use))) {
                findings.accept(Finding.at(
                        use,
                        owned(use) + " looks like " + owned(other) + ", which " + other.object() + " names ("
                                + other.place() + ")",
                        "make sure that both are meant"));
            }
        }
    }

    private static HostUse plainer(HostUse left, HostUse right) {
        return weight(right) < weight(left) ? right : left;
    }

    /** Digits and foreign letters are what look-alikes are made of. */
    private static long weight(HostUse use) {
        String name = use.pattern().suffix();
        return (name.contains(ACE_PREFIX) ? 1000 : 0)
                + name.chars().filter(c -> c >= '0' && c <= '9').count();
    }

    private String look(HostUse use) {
        return LookAlikes.skeleton(owned(use));
    }

    private String owned(HostUse use) {
        String registrable = suffixes.registrable(use.pattern().suffix());
        return registrable == null ? use.pattern().suffix() : registrable;
    }

    /** What is foreign about a name, for people; null where nothing is. */
    private static @Nullable String foreign(String name) {
        if (!name.contains(ACE_PREFIX)) {
            return null;
        }
        String shown = LookAlikes.unicode(name);
        for (String label : shown.split("\\.", -1)) {
            String plain = LookAlikes.plain(label);
            if (plain != null) {
                return name + " reads " + shown + ": the label " + label + " looks like " + plain;
            }
            String mixture = LookAlikes.mixture(label);
            if (mixture != null) {
                return name + " reads " + shown + ": the label " + label + " mixes letters of " + mixture;
            }
        }
        return null;
    }
}
