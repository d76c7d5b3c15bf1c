package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.ImportedPolicy.Source;
import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The steps {@code step-security/harden-runner} of a GitHub workflow: one policy for each job that has one. */
final class HardenRunnerImport {
    private static final String ACTION = "step-security/harden-runner@";
    private static final int TLS = 443;

    private final Draft draft;
    private final ForeignNames names;
    private final Set<String> accounts = new HashSet<>();

    HardenRunnerImport(Draft draft) {
        this.draft = draft;
        this.names = new ForeignNames(draft, ForeignNames.Wildcard.ONE_LABEL);
    }

    void read(Piece workflow) {
        Map<String, Piece> jobs = workflow.entries("jobs");
        if (jobs.isEmpty()) {
            throw new ImportException(workflow.place(), "this is no workflow of GitHub: it has no jobs", "");
        }
        draft.note("Service accounts are named as the jobs, in the namespace "
                + draft.options().namespace() + ".");
        int steps = 0;
        for (Map.Entry<String, Piece> job : jobs.entrySet()) {
            Piece step = step(job.getValue());
            if (step == null) {
                draft.loss(
                        job.getValue().place(),
                        job.getValue().path(),
                        "the job has no step harden-runner, so no policy");
            } else {
                steps++;
                add(job.getKey(), step);
            }
        }
        if (steps == 0) {
            throw new ImportException(workflow.place(), "no job has a step that uses step-security/harden-runner", "");
        }
    }

    /** The first such step, which starts the agent; further ones do nothing. */
    private static @Nullable Piece step(Piece job) {
        for (Piece step : job.items("steps")) {
            if (step.text("uses").startsWith(ACTION)) {
                return step;
            }
        }
        return null;
    }

    private void add(String job, Piece step) {
        Piece with = step.get("with");
        String mode = with == null ? "" : with.text("egress-policy");
        boolean elsewhere = with != null
                && (!with.text("policy").isEmpty()
                        || with.text("use-policy-store").equals("true"));
        boolean audit = mode.equals("audit") && !elsewhere;
        if (!mode.equals("audit") && !mode.isEmpty() && !mode.equals("block")) {
            draft.loss(step.place(), step.path() + ".with.egress-policy", "\"" + mode + "\" is taken as block");
        }
        if (elsewhere) {
            draft.loss(
                    step.place(),
                    step.path() + ".with",
                    "the policy is in the policy store, and not in this file; it may block, so only endpoints of this"
                            + " file are allowed");
        }
        Piece endpoints = with == null ? null : with.get("allowed-endpoints");
        List<Destination> destinations = endpoints == null ? List.of() : destinations(endpoints);
        String account = ForeignNames.objectName(job);
        if (!account.equals(job)) {
            draft.loss(step.place(), "jobs." + job, "the service account is named " + account);
        }
        if (!accounts.add(account)) {
            draft.loss(step.place(), "jobs." + job, "left out: another job has the service account " + account);
            return;
        }
        if (audit && destinations.isEmpty()) {
            draft.loss(step.place(), step.path() + ".with", "an audit without endpoints has nothing to compare with");
            return;
        }
        ImportedPolicy policy = ImportedPolicy.allow(account, draft.options().namespace(), step.place())
                .selecting(List.of(Source.ofAccount(draft.options().namespace(), account)))
                .to(destinations);
        draft.add(audit ? policy.onTrial() : policy);
    }

    private List<Destination> destinations(Piece endpoints) {
        Map<Integer, List<HostPattern>> byPort = new TreeMap<>();
        String text = endpoints.text();
        if (text.contains("${{")) {
            draft.loss(
                    endpoints.place(),
                    endpoints.path(),
                    "expressions of GitHub are not evaluated; all endpoints are left out");
            return List.of();
        }
        for (String endpoint : text.split("\\s+", -1)) {
            if (!endpoint.isEmpty()) {
                endpoint(endpoints, endpoint, byPort);
            }
        }
        return byPort.entrySet().stream()
                .map(entry -> new Destination(entry.getValue(), List.of(entry.getKey())))
                .toList();
    }

    private void endpoint(Piece endpoints, String endpoint, Map<Integer, List<HostPattern>> byPort) {
        int colon = endpoint.lastIndexOf(':');
        String digits = colon < 0 ? String.valueOf(TLS) : endpoint.substring(colon + 1);
        int port = PortSpans.number(digits);
        if (port == 0) {
            draft.loss(endpoints.place(), endpoints.path(), "\"" + endpoint + "\" is left out: its port is no number");
            return;
        }
        HostPattern host =
                names.host(endpoints.place(), endpoints.path(), colon < 0 ? endpoint : endpoint.substring(0, colon));
        if (host != null) {
            byPort.computeIfAbsent(port, key -> new ArrayList<>()).add(host);
        }
    }
}
