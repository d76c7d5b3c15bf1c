package dev.exeat.policy.lint;

import dev.exeat.policy.egress.EgressPolicy.Source;
import dev.exeat.policy.egress.Identities;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Spelling;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source of an EgressPolicy that no object answers to: a service account that isn't among those declared for its
 * namespace, or labels that none has. Where nothing is declared at all, nothing can be said.
 */
final class SelectsNobody implements LintCheck {

    @Override
    public String code() {
        return "selects-nobody";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        if (!subject.complete()) {
            return;
        }
        Identities identities = subject.identities();
        Map<String, Set<String>> declared = new HashMap<>();
        identities
                .accounts()
                .keySet()
                .forEach(account -> declared.computeIfAbsent(namespace(account), _ -> new HashSet<>())
                        .add(account));
        for (Egress egress : subject.egress()) {
            List<Fields> sources = SpecView.mappings(egress.view().spec(), "sources");
            for (int i = 0; i < sources.size(); i++) {
                accounts(egress, sources.get(i), declared, findings);
                selectors(egress, i, sources.get(i), identities, findings);
            }
        }
    }

    private static String namespace(String account) {
        return account.substring(0, account.indexOf('/'));
    }

    private static void accounts(
            Egress egress, Fields source, Map<String, Set<String>> declared, Consumer<Finding> findings) {
        for (Field item : source.items("service_accounts")) {
            String text = source.text(item);
            if (text == null) {
                continue;
            }
            String account = text.indexOf('/') < 0 ? egress.policy().key().namespace() + "/" + text : text;
            Set<String> known = declared.get(namespace(account));
            if (known != null && !known.contains(account)) {
                String cure = Spelling.cure(account, known);
                findings.accept(Finding.at(
                        egress.policy().key(),
                        item,
                        "there is no service account " + account + " among those declared",
                        cure.isEmpty() ? "declare it, or correct the name" : cure));
            }
        }
    }

    private static void selectors(
            Egress egress, int index, Fields fields, Identities identities, Consumer<Finding> findings) {
        Source source = egress.policy().sources().get(index);
        if (source.accounts() != null
                && !identities.accounts().isEmpty()
                && identities.accounts().values().stream().noneMatch(source.accounts()::matches)) {
            tell(egress, fields.find("service_account_selector"), "no ServiceAccount has these labels", findings);
        }
        if (source.namespaceLabels() != null
                && !identities.namespaces().isEmpty()
                && identities.namespaces().values().stream().noneMatch(source.namespaceLabels()::matches)) {
            tell(egress, fields.find("namespace_selector"), "no Namespace has these labels", findings);
        }
    }

    private static void tell(Egress egress, @Nullable Field field, String why, Consumer<Finding> findings) {
        if (field != null) {
            findings.accept(Finding.at(
                    egress.policy().key(), field, why + ", so the source selects nobody", "correct the selector"));
        }
    }
}
