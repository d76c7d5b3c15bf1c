package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.ImportedPolicy.Source;
import dev.exeat.control.importing.SquidFile.Directive;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code http_access} of a Squid configuration. There the first rule that matches decides; here every denial does, and order
 * means nothing. So a denial is carried over if an allowance follows it, and then holds for those before it too.
 */
final class SquidImport {
    private static final int TLS = 443;
    private static final int MAX_RULES = 2000;
    private static final Set<String> BUMP_LOOKS = Set.of("peek", "stare");
    private static final Set<String> BUMP_PASSES = Set.of("splice", "bump");

    private final Draft draft;
    private final String root;
    /** What every later rule asks too. */
    private SquidCondition carried = SquidCondition.NONE;

    private final List<ImportedPolicy> allowances = new ArrayList<>();
    /** Denials that no allowance follows yet. */
    private final List<ImportedPolicy> waiting = new ArrayList<>();

    private boolean byAddress;
    private boolean closed;

    SquidImport(Draft draft) {
        this.draft = draft;
        this.root = draft.options().rootNamespace();
    }

    void read(SquidFile file) {
        SquidAcls acls = new SquidAcls(draft, file);
        List<Directive> rules = file.directives().stream()
                .filter(directive -> directive.name().equals("http_access"))
                .toList();
        if (rules.isEmpty()) {
            throw new ImportException(
                    new Place(
                            file.directives().isEmpty()
                                    ? ""
                                    : file.directives().getFirst().place().file(),
                            0,
                            0),
                    "this is no configuration of Squid that says who may do what: there is no http_access",
                    "");
        }
        if (rules.size() > MAX_RULES) {
            throw new ImportException(rules.getLast().place(), "there are more than " + MAX_RULES + " rules", "");
        }
        draft.note(
                "Squid goes by addresses: policies with cidrs are for clients without an identity, at a plain listener.");
        bump(file, acls);
        for (Directive rule : rules) {
            if (closed) {
                draft.loss(rule.place(), rule.toString(), "no connection comes so far");
            } else {
                rule(SquidRule.read(rule, acls));
            }
        }
        if (!closed && rules.getLast().arguments().getFirst().equals("deny")) {
            draft.loss(
                    rules.getLast().place(),
                    rules.getLast().toString(),
                    "what no rule matches is allowed after it, as in Squid");
            allow(SquidRule.everything(rules.getLast().place()));
        }
        finish(rules.getLast().place());
    }

    private void finish(Place place) {
        for (ImportedPolicy policy : allowances) {
            boolean everybody = policy.sources().isEmpty() && byAddress;
            draft.add(everybody ? policy.selecting(List.of(Source.ofBlocks(List.of("0.0.0.0/0", "::/0")))) : policy);
        }
        if (byAddress) {
            draft.note(
                    "Since rules deny by address, nothing is allowed to clients with an identity, whose address says nothing.");
        }
        if (!draft.isClosed(root)) {
            draft.close(root, place);
        }
    }

    private void rule(@Nullable SquidRule rule) {
        if (rule == null) {
            return;
        }
        if (rule.allows()) {
            allow(rule);
        } else {
            deny(rule);
        }
    }

    private void deny(SquidRule rule) {
        SquidAcl only = rule.onlyNegated();
        if (only != null) {
            carried = carried.and(only);
            return;
        }
        if (rule.matchesEverything()) {
            closed = true;
            return;
        }
        for (String left : rule.leftOut()) {
            draft.loss(rule.place(), rule.text(), left + "; so it denies more than in Squid");
        }
        SquidCondition condition = rule.condition();
        if (!condition.isImpossible()) {
            waiting.add(denial(rule, condition));
        }
    }

    private ImportedPolicy denial(SquidRule rule, SquidCondition condition) {
        List<HostPattern> hosts = condition.hosts() == null ? List.of(ForeignNames.EVERY_HOST) : condition.hosts();
        PortSpans ports = condition.ports();
        boolean every = ports == null || !ports.isListable();
        draft.weigh(hosts.size(), rule.place());
        return ImportedPolicy.deny("deny-line-" + rule.place().line(), root, rule.place())
                .selecting(sources(condition))
                .to(List.of(new Destination(hosts, every || ports == null ? List.of() : ports.listed())));
    }

    private static List<Source> sources(SquidCondition condition) {
        return condition.blocks() == null
                ? List.of()
                : List.of(Source.ofBlocks(
                        condition.blocks().stream().map(Cidr::toString).toList()));
    }

    private void allow(SquidRule rule) {
        if (!rule.leftOut().isEmpty()) {
            draft.loss(rule.place(), rule.text(), "left out: " + rule.leftOut().getFirst());
            return;
        }
        SquidCondition condition = rule.condition().and(carried);
        List<Integer> ports = ports(rule, condition.ports());
        if (condition.isImpossible() || ports.isEmpty()) {
            draft.loss(rule.place(), rule.text(), "left out: nothing on a port of TLS is left of it");
            return;
        }
        if (!rule.exceptHosts().isEmpty()) {
            waiting.add(denial(rule, new SquidCondition(rule.exceptHosts(), condition.blocks(), null)));
        }
        List<HostPattern> hosts = condition.hosts() == null ? List.of(ForeignNames.EVERY_HOST) : condition.hosts();
        release();
        draft.weigh(hosts.size(), rule.place());
        allowances.add(ImportedPolicy.allow("allow-line-" + rule.place().line(), root, rule.place())
                .selecting(sources(condition))
                .to(List.of(new Destination(hosts, ports))));
    }

    /** Ports of an allowance: those that are named, or of many 443. */
    private List<Integer> ports(SquidRule rule, @Nullable PortSpans ports) {
        if (ports != null && ports.isListable()) {
            return ports.listed();
        }
        draft.loss(rule.place(), rule.text(), "of all its ports only 443 is kept");
        return ports == null || ports.contains(TLS) ? List.of(TLS) : List.of();
    }

    /** An allowance follows, so the denials before it count. */
    private void release() {
        for (ImportedPolicy denial : waiting) {
            draft.add(denial);
            byAddress |= !denial.sources().isEmpty();
            HostIndex denied = new HostIndex(denial.destinations().getFirst().hosts());
            for (ImportedPolicy earlier : allowances) {
                if (earlier.destinations().getFirst().hosts().stream().anyMatch(denied::overlaps)) {
                    draft.loss(
                            denial.from(),
                            "the rule",
                            "it comes after the allowance at " + earlier.from()
                                    + ", which decided first; here a denial decides whatever its place");
                }
            }
        }
        waiting.clear();
    }

    private static boolean isByName(SquidCondition condition) {
        return condition.blocks() == null && condition.ports() == null;
    }

    /** Where {@code ssl_bump} ends some connections, only those that it lets through are left. */
    private void bump(SquidFile file, SquidAcls acls) {
        List<Directive> lines = file.directives().stream()
                .filter(directive -> directive.name().equals("ssl_bump")
                        && !directive.arguments().isEmpty())
                .toList();
        if (lines.stream().noneMatch(line -> line.arguments().getFirst().equals("terminate"))) {
            return;
        }
        List<HostPattern> passed = new ArrayList<>();
        for (Directive line : lines) {
            String action = line.arguments().getFirst();
            if (BUMP_LOOKS.contains(action)) {
                continue;
            }
            SquidRule rule = SquidRule.read(line, acls);
            if (rule == null) {
                continue;
            }
            boolean byName = rule.leftOut().isEmpty() && rule.exceptHosts().isEmpty();
            List<HostPattern> hosts = rule.condition().hosts();
            if (BUMP_PASSES.contains(action) && byName && hosts != null && isByName(rule.condition())) {
                passed.addAll(hosts);
            } else if (action.equals("terminate")
                    && passed.isEmpty()
                    && rule.onlyNegated() instanceof SquidAcl.Hosts others) {
                carried = carried.and(others);
            } else if (action.equals("terminate") && rule.matchesEverything()) {
                carried = carried.and(new SquidAcl.Hosts(passed));
                return;
            } else {
                draft.loss(
                        line.place(),
                        line.toString(),
                        "ssl_bump in another form than splice by name and terminate all: every host is denied");
                waiting.add(denial(SquidRule.everything(line.place()), SquidCondition.NONE));
                return;
            }
        }
    }
}
