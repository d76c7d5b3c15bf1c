package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.ImportedPolicy.Source;
import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Smokescreen's ACL, version 1. Smokescreen asks the service's own list first, then the global list of denials, then the
 * global allowances, then the service's action; who has no rule falls to the default, and without one is denied.
 */
final class SmokescreenImport {
    private static final Set<String> FILE_FIELDS =
            Set.of("version", "services", "default", "global_deny_list", "global_allow_list");
    private static final Set<String> RULE_FIELDS = Set.of("name", "project", "action", "allowed_domains");

    private static final long MAX_COMPARISONS = 10_000_000;

    private final Draft draft;
    private final ImportOptions options;
    private final ForeignNames names;

    /** How a service's own list counts. */
    private enum Action {
        ENFORCE,
        REPORT,
        OPEN
    }

    private record Service(String name, String project, Action action, List<HostPattern> hosts, Piece piece) {}

    /** The lists for everybody. */
    private record Globals(List<HostPattern> denied, List<HostPattern> allowed) {}

    SmokescreenImport(Draft draft) {
        this.draft = draft;
        this.options = draft.options();
        this.names = new ForeignNames(draft, ForeignNames.Wildcard.ANY_DEPTH);
    }

    void read(Piece file) {
        if (!file.text("version").equals("v1") || file.get("services") == null) {
            throw new ImportException(
                    file.place(), "this is no ACL of Smokescreen: version: v1 and services are missing", "");
        }
        file.others(FILE_FIELDS).forEach(other -> draft.loss(other.place(), other.path(), "the field is not known"));
        draft.note(
                "Service accounts are named as Smokescreen's services, in the namespace " + options.namespace() + ".");
        draft.loss(file.place(), "ports", "Smokescreen's lists are for every port; here hosts are allowed on 443");
        Globals globals = new Globals(hosts(file, "global_deny_list"), hosts(file, "global_allow_list"));
        List<Service> services = services(file);
        Piece byDefault = file.get("default");
        Service others = byDefault == null ? null : rule(byDefault, "default");
        deny(file, globals, services);
        boolean closed = others == null || others.action() == Action.ENFORCE;
        services.forEach(service -> add(service, globals, closed));
        addOthers(file, others, globals, services);
    }

    private List<Service> services(Piece file) {
        List<Service> services = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Piece item : file.items("services")) {
            Service service = rule(item, item.text("name"));
            if (!seen.add(service.name())) {
                throw new ImportException(item.place(), "the service " + service.name() + " is named twice", "");
            }
            services.add(service);
        }
        return services;
    }

    private Service rule(Piece rule, String name) {
        for (Piece other : rule.others(RULE_FIELDS)) {
            String why = switch (other.path().substring(other.path().lastIndexOf('.') + 1)) {
                case "mitm_domains" -> "TLS is not opened here, so nothing is added to or logged of requests";
                case "allowed_external_proxies" -> "there is no proxy behind the gateway";
                default -> "the field is not known";
            };
            draft.loss(other.place(), other.path(), why);
        }
        String action = rule.text("action");
        Action read = switch (action) {
            case "enforce" -> Action.ENFORCE;
            case "report" -> Action.REPORT;
            case "open" -> Action.OPEN;
            default ->
                throw new ImportException(
                        rule.place(), "the action \"" + action + "\" is none of enforce, report and open", "");
        };
        return new Service(name, rule.text("project"), read, hosts(rule, "allowed_domains"), rule);
    }

    private List<HostPattern> hosts(Piece piece, String field) {
        List<HostPattern> hosts = new ArrayList<>();
        for (Piece item : piece.items(field)) {
            String text = item.text();
            boolean leading = text.startsWith("*.");
            if (text.equals("*") || (leading ? text.substring(2) : text).indexOf('*') >= 0) {
                throw new ImportException(
                        item.place(), "Smokescreen knows no host \"" + text + "\"", "use *.example.com");
            }
            HostPattern host = names.host(item.place(), item.path(), text);
            if (host != null) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private void deny(Piece file, Globals globals, List<Service> services) {
        if (globals.denied().isEmpty()) {
            return;
        }
        Piece list = file.get("global_deny_list");
        draft.add(ImportedPolicy.deny("global-deny-list", options.rootNamespace(), (list == null ? file : list).place())
                .ofPlatform()
                .to(List.of(new Destination(globals.denied(), List.of()))));
        HostIndex denied = new HostIndex(globals.denied());
        for (Service service : services) {
            for (HostPattern host : service.hosts()) {
                if (denied.overlaps(host)) {
                    draft.loss(
                            service.piece().place(),
                            service.piece().path(),
                            host + " is in the service's own list, which Smokescreen asks before the global denials;"
                                    + " here the denial is final");
                }
            }
        }
    }

    private void add(Service service, Globals globals, boolean closed) {
        Piece piece = service.piece();
        if (!ForeignNames.isAccount(service.name())) {
            draft.loss(
                    piece.place(),
                    piece.path(),
                    "\"" + service.name() + "\" cannot be the name of a service account, so the service has no policy");
            return;
        }
        ImportedPolicy policy = ImportedPolicy.allow(service.name(), options.rootNamespace(), piece.place())
                .keptBy(service.project())
                .selecting(List.of(Source.ofAccount(options.namespace(), service.name())));
        if (service.action() == Action.OPEN) {
            draft.add(policy.to(List.of(new Destination(List.of(ForeignNames.EVERY_HOST), List.of()))));
            return;
        }
        ImportedPolicy listed = policy.to(destinations(service.hosts(), globals.allowed()));
        if (service.action() == Action.ENFORCE) {
            draft.add(listed);
        } else if (closed) {
            draft.loss(
                    piece.place(),
                    piece.path() + ".action",
                    "report lets pass what is not listed; here it is denied, until the ServiceAccount "
                            + options.namespace() + "/" + service.name()
                            + " has the annotation exeat.dev/enforcement: audit");
            draft.add(listed);
        } else {
            draft.add(listed.onTrial());
        }
    }

    private static List<Destination> destinations(List<HostPattern> own, List<HostPattern> global) {
        List<HostPattern> hosts = new ArrayList<>(own);
        hosts.addAll(global);
        return hosts.isEmpty() ? List.of() : List.of(new Destination(hosts, List.of()));
    }

    /** Everybody else cannot be said here: a policy for everybody is also for those with rules of their own. */
    private void addOthers(Piece file, @Nullable Service others, Globals globals, List<Service> services) {
        if (others == null) {
            draft.close(options.rootNamespace(), file.place());
            return;
        }
        // Smokescreen refuses whoever shows no role, unless it runs with allow_missing_role.
        draft.note("Clients without an identity are denied, as Smokescreen denies those without a role; if it ran with"
                + " allow_missing_role, remove the policy no-role.");
        draft.add(ImportedPolicy.deny(
                        "no-role", options.rootNamespace(), others.piece().place())
                .selecting(List.of(Source.ofBlocks(List.of("0.0.0.0/0", "::/0"))))
                .to(List.of(new Destination(List.of(ForeignNames.EVERY_HOST), List.of()))));
        ImportedPolicy policy = ImportedPolicy.allow(
                        "default", options.rootNamespace(), others.piece().place())
                .keptBy(others.project());
        switch (others.action()) {
            case OPEN -> {
                // Whom no allowance selects may pass.
            }
            case REPORT ->
                draft.add(policy.to(destinations(others.hosts(), globals.allowed()))
                        .onTrial());
            case ENFORCE -> {
                List<HostPattern> kept = new ArrayList<>();
                List<HostIndex> reachable = reachable(others, globals, services);
                for (HostPattern host : others.hosts()) {
                    if (reachable.stream().allMatch(index -> index.covers(host))) {
                        kept.add(host);
                    } else {
                        draft.loss(
                                others.piece().place(),
                                "default.allowed_domains",
                                host + " is left out: a policy for everybody would allow it to services with rules of"
                                        + " their own too; allow it to the accounts that need it");
                    }
                }
                draft.add(policy.to(destinations(kept, globals.allowed())));
            }
        }
    }

    /** Of each service that its list binds, what it may reach. */
    private static List<HostIndex> reachable(Service others, Globals globals, List<Service> services) {
        if ((long) services.size() * others.hosts().size() > MAX_COMPARISONS) {
            throw new ImportException(others.piece().place(), "the lists are too long to be compared", "");
        }
        return services.stream()
                .filter(service -> service.action() == Action.ENFORCE)
                .map(service -> {
                    List<HostPattern> hosts = new ArrayList<>(service.hosts());
                    hosts.addAll(globals.allowed());
                    return new HostIndex(hosts);
                })
                .toList();
    }
}
