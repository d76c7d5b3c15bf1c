package dev.exeat.policy.mixer;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Problem;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.ProviderSpec;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.mixer.LinkedRule.CheckStep;
import dev.exeat.policy.mixer.MixerObject.Action;
import dev.exeat.policy.mixer.MixerObject.Handler;
import dev.exeat.policy.mixer.MixerObject.Instance;
import dev.exeat.policy.mixer.MixerObject.Reference;
import dev.exeat.policy.mixer.MixerObject.Rule;
import dev.exeat.policy.mixer.ObjectNames.Resolved;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins rules with the handlers and instances that they name. What cannot be joined denies where it would have checked,
 * and is reported. Remembers what it joined, so that after a change only what depends on it is joined again. Not
 * thread-safe.
 */
public final class MixerLinker {
    private final CompileOptions options;
    private final ObjectNames names = new ObjectNames();
    private final ListLibrary lists;
    private final Map<ObjectKey, Link> links = new HashMap<>();
    /** The problems of those that have any. */
    private final Map<ObjectKey, List<Problem>> found = new HashMap<>();

    /** Checks of one pass, so that rules which do the same share one. */
    private final IdentityHashMap<Handler, IdentityHashMap<Instance, Check>> checks = new IdentityHashMap<>();

    private MixerPolicy policy;

    /**
     * A rule as it was joined.
     *
     * @param asked the full names that were looked up; what they stand for decides about the outcome
     * @param dangling whether something was not found, so that the names of all objects make its problems
     */
    private record Link(Rule rule, List<String> asked, boolean dangling) {}

    /**
     * What changed; an object that has another content is gone and has come.
     *
     * @param broken keys of objects that cannot be read, of whatever kind
     * @param brokenRules those of them that are rules: each denies everything within its namespace's reach
     */
    public record Objects(
            Collection<MixerObject> sound, Collection<ObjectKey> broken, Collection<ObjectKey> brokenRules) {}

    public MixerLinker(CompileOptions options) {
        this.options = options;
        this.lists = new ListLibrary(options.lists());
        this.policy = MixerPolicy.empty(options.rootNamespace(), options.denyOnMatchError());
    }

    /** The policy after a change of the objects, and of the fetched lists, which are looked at anew. */
    public MixerPolicy link(Objects gone, Objects come) {
        Set<String> touched = names.change(gone, come);
        boolean renamed = !touched.isEmpty();
        touched.addAll(lists.change(handlers(gone), handlers(come)));
        List<ObjectKey> removed = new ArrayList<>(gone.brokenRules());
        for (Rule rule : rules(gone)) {
            links.remove(rule.key());
            found.remove(rule.key());
            removed.add(rule.key());
        }
        List<Rule> toLink = rules(come);
        if (!touched.isEmpty()) {
            for (Link link : links.values()) {
                if ((renamed && link.dangling()) || link.asked().stream().anyMatch(touched::contains)) {
                    toLink.add(link.rule());
                }
            }
        }
        List<LinkedRule> linked = new ArrayList<>();
        toLink.forEach(rule -> linked.add(link(rule)));
        come.brokenRules().forEach(key -> linked.add(broken(key)));
        checks.clear();
        names.forgetShared();
        policy = policy.edited(removed, linked);
        return policy;
    }

    private static List<Rule> rules(Objects objects) {
        List<Rule> rules = new ArrayList<>();
        objects.sound().forEach(object -> {
            if (object instanceof Rule rule) {
                rules.add(rule);
            }
        });
        return rules;
    }

    private static List<Handler> handlers(Objects objects) {
        List<Handler> handlers = new ArrayList<>();
        objects.sound().forEach(object -> {
            if (object instanceof Handler handler) {
                handlers.add(handler);
            }
        });
        return handlers;
    }

    private static LinkedRule broken(ObjectKey key) {
        Check check = new Check.Broken("the rule " + key.name() + "." + key.namespace()
                + " is refused for its errors, so everything that it might match is denied");
        return new LinkedRule(key, null, List.of(new CheckStep(new PolicyRef(key, 0), check)), List.of());
    }

    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(lists.problems());
        found.values().forEach(problems::addAll);
        return problems;
    }

    /** The contents of fetched lists, by a text that stands for the list; null where missing. */
    public Map<String, @Nullable ListContent> listContents() {
        return lists.contents();
    }

    /** The lists that any handler wants, used by a rule or not. */
    public Set<ProviderSpec> providers() {
        return lists.providers();
    }

    private LinkedRule link(Rule rule) {
        Findings findings = new Findings(rule.key());
        ObjectNames.Search search = names.search(rule.key().namespace());
        List<CheckStep> checks = new ArrayList<>();
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < rule.actions().size(); i++) {
            Action action = rule.actions().get(i);
            PolicyRef ref = new PolicyRef(rule.key(), i);
            for (Reference instance : action.instances()) {
                switch (join(rule, search, action.handler(), instance, findings)) {
                    case Joined.Checks joined -> checks.add(new CheckStep(ref, joined.check()));
                    case Joined.Reports joined -> reports.add(joined.report());
                    case Joined.Nothing _ -> {}
                }
            }
        }
        if (!checks.isEmpty()) {
            RuleLint.check(rule, options.denyOnMatchError(), findings);
        }
        links.put(rule.key(), new Link(rule, search.asked(), search.missed()));
        found.remove(rule.key());
        if (!findings.problems().isEmpty()) {
            found.put(rule.key(), findings.problems());
        }
        return new LinkedRule(rule.key(), rule.match(), checks, reports);
    }

    private sealed interface Joined {
        record Checks(Check check) implements Joined {}

        record Reports(Report report) implements Joined {}

        record Nothing() implements Joined {}
    }

    private Joined join(
            Rule rule, ObjectNames.Search search, Reference handlerName, Reference instanceName, Findings findings) {
        Resolved<Handler> handler = search.handler(handlerName.name());
        Resolved<Instance> instance = search.instance(instanceName.name());
        if (handler instanceof Resolved.Found<Handler>(Handler foundHandler)
                && instance instanceof Resolved.Found<Instance>(Instance foundInstance)) {
            return join(foundHandler, foundInstance, instanceName, findings);
        }
        boolean reportsOnly = handler instanceof Resolved.Found<Handler>(Handler alone)
                ? alone.adapter().use() == Adapter.Use.REPORTS
                        || alone.adapter().use() == Adapter.Use.NOTHING
                : instance instanceof Resolved.Found<Instance>(Instance one)
                        && one.template().variety() != Template.Variety.CHECK;
        String message = "";
        if (handler instanceof Resolved.Missing<Handler> missing) {
            message = dangling(handlerName, missing.problem(), missing.cure(), reportsOnly, findings);
        }
        if (instance instanceof Resolved.Missing<Instance> missing) {
            String second = dangling(instanceName, missing.problem(), missing.cure(), reportsOnly, findings);
            message = message.isEmpty() ? second : message + "; " + second;
        }
        return reportsOnly ? new Joined.Nothing() : broken(rule.key(), message);
    }

    private static String dangling(
            Reference reference, String problem, String cure, boolean reportsOnly, Findings findings) {
        findings.error(
                "dangling-reference",
                reference.place(),
                reference.field(),
                problem + (reportsOnly ? ", so nothing is reported" : ", so the rule denies what it matches"),
                cure);
        return problem;
    }

    private static Joined broken(ObjectKey rule, String message) {
        return new Joined.Checks(new Check.Broken("rule " + rule.name() + "." + rule.namespace() + ": " + message));
    }

    private Joined join(Handler handler, Instance instance, Reference place, Findings findings) {
        if (handler.config() instanceof HandlerConfig.ListCheck list
                && instance.config() instanceof InstanceConfig.ListEntry entry) {
            warnOfOtherFile(instance, place, findings);
            return new Joined.Checks(shared(handler, instance, () -> lists.check(handler, list, instance, entry)));
        }
        boolean deniable = instance.template() == Template.LISTENTRY || instance.template() == Template.CHECKNOTHING;
        if (handler.config() instanceof HandlerConfig.Deny deny && deniable) {
            return new Joined.Checks(shared(
                    handler,
                    instance,
                    () -> Check.Constant.of(
                            handler.key().name() + "." + handler.key().namespace(), deny)));
        }
        if (handler.config() instanceof HandlerConfig.Stdio stdio) {
            if (instance.config() instanceof InstanceConfig.Log log) {
                return new Joined.Reports(new Report.OfLog(instance.fullName(), stdio, log));
            }
            if (instance.config() instanceof InstanceConfig.Metric metric) {
                return new Joined.Reports(new Report.OfMetric(instance.fullName(), stdio, metric));
            }
        }
        return unfit(handler, instance, place, findings);
    }

    private Check shared(Handler handler, Instance instance, Supplier<Check> check) {
        return checks.computeIfAbsent(handler, _ -> new IdentityHashMap<>())
                .computeIfAbsent(instance, _ -> check.get());
    }

    /** A pair that does not go together: what was meant as a check denies, anything else is left out. */
    private static Joined unfit(Handler handler, Instance instance, Reference place, Findings findings) {
        Template.Variety variety = instance.template().variety();
        Adapter.Use use = handler.adapter().use();
        if (handler.adapter() == Adapter.NOOP || variety == Template.Variety.QUOTA) {
            if (variety == Template.Variety.QUOTA) {
                findings.warning("no-effect", place.place(), place.field(), "quotas are not asked for connections", "");
            }
            return new Joined.Nothing();
        }
        boolean checks = variety == Template.Variety.CHECK || use == Adapter.Use.CHECKS || use == Adapter.Use.UNABLE;
        String message =
                "the handler " + handler.fullName() + " (" + handler.adapter().code() + ") cannot work on the instance "
                        + instance.fullName() + " (" + instance.template().code() + ")";
        if (checks) {
            findings.error(
                    "unfit-instance",
                    place.place(),
                    place.field(),
                    message + ", so the rule denies what it matches",
                    "use listchecker with listentry, or denier with checknothing");
            return new Joined.Checks(new Check.Broken(message));
        }
        if (use == Adapter.Use.REPORTS) {
            findings.warning("no-effect", place.place(), place.field(), message + "; it has no effect", "");
        }
        return new Joined.Nothing();
    }

    /** In Mixer two files that define the same instance cut each other off when one of them is deleted. */
    private static void warnOfOtherFile(Instance instance, Reference reference, Findings findings) {
        String own = reference.place().file();
        String other = instance.place().file();
        if (!own.isEmpty() && !other.isEmpty() && !own.equals(other)) {
            findings.warning(
                    "shared-instance",
                    reference.place(),
                    reference.field(),
                    "the instance " + instance.fullName() + " stands in another file (" + other
                            + "); without that file the rule denies what it matches",
                    "give the rule an instance of its own name");
        }
    }
}
