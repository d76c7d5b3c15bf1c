package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.util.function.Consumer;

/** A wildcard that lets connections out to names that anyone may have. */
final class PublicSuffixWildcard implements LintCheck {
    private final PublicSuffixes suffixes;

    PublicSuffixWildcard(PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    @Override
    public String code() {
        return "public-suffix-wildcard";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        for (HostUse use : subject.uses()) {
            HostPattern pattern = use.pattern();
            if (subject.admits(use) && pattern.wildcard() && suffixes.isShared(pattern.suffix())) {
                findings.accept(Finding.at(
                        use,
                        pattern + " covers names of many owners: " + why(pattern.suffix()),
                        "name the hosts that are meant, or wildcards below them"));
            }
        }
    }

    private String why(String suffix) {
        PublicSuffixes.Kind kind = suffixes.kind(suffix);
        if (kind == null) {
            return "anyone may have a name below " + suffixes.below(suffix);
        }
        return suffix
                + (kind == PublicSuffixes.Kind.REGISTRY
                        ? " is a public suffix, below which anyone may register a name"
                        : " is a platform, which gives names below it to its customers");
    }
}
