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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins rules with the handlers and instances that they name. What cannot be joined denies where it would have checked,
 * and is reported. Used once; not thread-safe.
 */
public final class MixerLinker {
    private final CompileOptions options;
    private final ObjectNames names;
    private final ListLibrary lists;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param objects those that could be read
     * @param broken keys of those that could not
     */
    public MixerLinker(CompileOptions options, Collection<MixerObject> objects, Collection<ObjectKey> broken) {
        this.options = options;
        this.lists = new ListLibrary(options.lists());
        Map<String, Handler> handlers = new HashMap<>();
        Map<String, Instance> instances = new HashMap<>();
        for (MixerObject object : objects) {
            if (object instanceof Handler handler) {
                handlers.put(object.fullName(), handler);
            } else if (object instanceof Instance instance) {
                instances.put(object.fullName(), instance);
            }
        }
        Set<String> refused = new HashSet<>();
        for (ObjectKey key : broken) {
            refused.add(key.name() + "." + key.kind() + "." + key.namespace());
        }
        this.names = new ObjectNames(handlers, instances, refused);
    }

    /** @param brokenRules rules that could not be read: each denies everything within its namespace's reach */
    public MixerPolicy link(Collection<Rule> rules, Collection<ObjectKey> brokenRules) {
        List<LinkedRule> linked = new ArrayList<>();
        for (Rule rule : rules) {
            linked.add(link(rule));
        }
        for (ObjectKey key : brokenRules) {
            Check check = new Check.Broken("the rule " + key.name() + "." + key.namespace()
                    + " is refused for its errors, so everything that it might match is denied");
            linked.add(new LinkedRule(key, null, List.of(new CheckStep(new PolicyRef(key, 0), check)), List.of()));
        }
        return new MixerPolicy(linked, options.rootNamespace(), options.denyOnMatchError());
    }

    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The contents of fetched lists that the checks use, by a text that stands for the list; null where missing. */
    public Map<String, @Nullable ListContent> listContents() {
        return lists.used();
    }

    /** The lists that any handler wants, used by a rule or not. */
    public Set<ProviderSpec> providers() {
        Set<ProviderSpec> providers = new HashSet<>();
        for (Handler handler : names.handlers().values()) {
            if (handler.config() instanceof HandlerConfig.ListCheck list && list.provider() != null) {
                providers.add(list.provider());
            }
        }
        return Set.copyOf(providers);
    }

    private LinkedRule link(Rule rule) {
        Findings findings = new Findings(rule.key());
        List<CheckStep> checks = new ArrayList<>();
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < rule.actions().size(); i++) {
            Action action = rule.actions().get(i);
            PolicyRef ref = new PolicyRef(rule.key(), i);
            for (Reference instance : action.instances()) {
                switch (join(rule, action.handler(), instance, findings)) {
                    case Joined.Checks joined -> checks.add(new CheckStep(ref, joined.check()));
                    case Joined.Reports joined -> reports.add(joined.report());
                    case Joined.Nothing _ -> {}
                }
            }
        }
        if (!checks.isEmpty()) {
            RuleLint.check(rule, options.denyOnMatchError(), findings);
        }
        problems.addAll(findings.problems());
        return new LinkedRule(rule.key(), rule.match(), checks, reports);
    }

    private sealed interface Joined {
        record Checks(Check check) implements Joined {}

        record Reports(Report report) implements Joined {}

        record Nothing() implements Joined {}
    }

    private Joined join(Rule rule, Reference handlerName, Reference instanceName, Findings findings) {
        String namespace = rule.key().namespace();
        Resolved<Handler> handler = names.handler(handlerName.name(), namespace);
        Resolved<Instance> instance = names.instance(instanceName.name(), namespace);
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
            return new Joined.Checks(lists.check(handler, list, instance, entry, findings));
        }
        boolean deniable = instance.template() == Template.LISTENTRY || instance.template() == Template.CHECKNOTHING;
        if (handler.config() instanceof HandlerConfig.Deny deny && deniable) {
            return new Joined.Checks(
                    Check.Constant.of(handler.key().name() + "." + handler.key().namespace(), deny));
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
