package dev.exeat.policy.mixer;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.cexl.Attributes;
import dev.exeat.policy.cexl.Expression;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.mixer.MixerObject.Rule;
import java.util.List;

/** Warns of matches of checking rules that are legal and let more pass than they seem to. */
final class RuleLint {
    private RuleLint() {}

    /** @param denies whether a match that cannot be evaluated denies */
    static void check(Rule rule, boolean denies, Findings findings) {
        if (rule.match() == null) {
            return;
        }
        Expression match = rule.match().syntax();
        if (!denies) {
            for (String attribute : Attributes.needed(match)) {
                if (!StandardAttributes.isCertain(attribute)) {
                    warnOfAbsence(rule, attribute, findings);
                }
            }
        }
        warnOfNames(rule, match, findings);
    }

    private static void warnOfAbsence(Rule rule, String attribute, Findings findings) {
        boolean identity = attribute.equals("source.principal")
                || attribute.equals("source.user")
                || attribute.equals("source.namespace");
        findings.warning(
                "attribute-may-be-absent",
                rule.place(),
                "spec.match",
                identity
                        ? attribute + " is absent for clients without an identity; the rule then counts as not matched"
                                + " and lets them pass"
                        : attribute + " is absent when a connection is checked; where the match reaches it, the rule"
                                + " counts as not matched",
                "write (" + attribute + " | \"\") to say what holds then");
    }

    private static void warnOfNames(Rule rule, Expression expression, Findings findings) {
        if (!(expression instanceof Expression.Call call)) {
            return;
        }
        for (Expression argument : call.arguments()) {
            warnOfNames(rule, argument, findings);
        }
        Expression left = call.target() != null || call.arguments().isEmpty()
                ? call.target()
                : call.arguments().getFirst();
        if (left == null
                || call.arguments().isEmpty()
                || !isServerName(left)
                || !(call.arguments().getLast() instanceof Expression.Constant constant)
                || !(constant.value() instanceof String text)) {
            return;
        }
        switch (call.function()) {
            case "EQ", "NEQ" -> warnOfName(rule, text, findings);
            case "match" -> {
                boolean suffix = text.startsWith("*") && !text.endsWith("*");
                warnOfPart(rule, text, suffix ? text.substring(1) : "", findings);
            }
            case "startsWith" -> warnOfPart(rule, text, "", findings);
            case "endsWith" -> warnOfPart(rule, text, text, findings);
            default -> {}
        }
    }

    private static boolean isServerName(Expression side) {
        List<Expression> choice = Expression.operands(side, "OR");
        return (choice == null ? side : choice.getFirst()) instanceof Expression.Variable variable
                && variable.name().equals(StandardAttributes.SERVER_NAME);
    }

    /** @param suffix what a name must end in, or empty where the pattern does not ask for an end */
    private static void warnOfPart(Rule rule, String text, String suffix, Findings findings) {
        boolean canonical = text.chars().allMatch(c -> c < 128 && (c < 'A' || c > 'Z'));
        if (!canonical) {
            findings.warning(
                    "name-never-equal",
                    rule.place(),
                    "spec.match",
                    "a server name is in lower case and with A-labels, so it never matches \"" + text + "\"",
                    "write it in lower case and with A-labels");
        } else if (suffix.indexOf('.') > 0) {
            findings.warning(
                    "suffix-without-dot",
                    rule.place(),
                    "spec.match",
                    "\"" + text + "\" also matches names of others, such as evil" + suffix,
                    "begin with a dot: \"" + text.replace(suffix, "." + suffix) + "\"");
        }
    }

    private static void warnOfName(Rule rule, String name, Findings findings) {
        try {
            HostPattern pattern = HostPattern.parse(name);
            if (!pattern.wildcard() && pattern.suffix().equals(name)) {
                return;
            }
            findings.warning(
                    "name-never-equal",
                    rule.place(),
                    "spec.match",
                    "a server name is in lower case, with A-labels and without wildcards, so it never equals \"" + name
                            + "\"",
                    pattern.wildcard()
                            ? "write match(" + StandardAttributes.SERVER_NAME + ", \"" + name + "\")"
                            : "write \"" + pattern.suffix() + "\"");
        } catch (InvalidNameException e) {
            // Compared with something that is no name, such as the empty text: on purpose, it seems.
        }
    }
}
