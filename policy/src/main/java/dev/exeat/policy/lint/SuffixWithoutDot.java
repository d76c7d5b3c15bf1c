package dev.exeat.policy.lint;

import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.function.Consumer;

/** {@code *example.com} as a condition of an AuthorizationPolicy, which {@code evilexample.com} meets too. */
final class SuffixWithoutDot implements LintCheck {

    @Override
    public String code() {
        return "suffix-without-dot";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        for (SpecView object : subject.objects()) {
            if (!object.key().kind().equals("AuthorizationPolicy")) {
                continue;
            }
            for (Fields rule : SpecView.mappings(object.spec(), "rules")) {
                for (Fields condition : SpecView.mappings(rule, "when")) {
                    if ("connection.sni".equals(condition.text("key"))) {
                        check(object, condition, findings);
                    }
                }
            }
        }
    }

    private static void check(SpecView object, Fields condition, Consumer<Finding> findings) {
        for (Field item : condition.items("values")) {
            String text = condition.text(item);
            if (text != null && text.startsWith("*") && text.length() > 1 && text.charAt(1) != '.') {
                String name = text.substring(1);
                findings.accept(Finding.at(
                        object.key(),
                        item,
                        "\"" + text + "\" also matches names of others, such as evil" + name,
                        "write \"*." + name + "\", and \"" + name + "\" for the name itself"));
            }
        }
    }
}
