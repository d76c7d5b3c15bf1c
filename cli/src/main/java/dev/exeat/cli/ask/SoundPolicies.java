package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.control.ManifestSet;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.List;

/** Policies for commands that compare verdicts. */
public final class SoundPolicies {
    private SoundPolicies() {}

    /**
     * The objects of the set, none of which has an error: a broken object would be told as a change of verdicts that
     * nobody means.
     *
     * @throws CommandFailure if there are errors, which the printer has told then
     */
    public static Collection<Resource> of(ManifestSet set, ProblemPrinter printer) {
        List<Problem> errors = set.problems().stream().filter(Problem::isError).toList();
        errors.forEach(printer::print);
        if (!errors.isEmpty()) {
            throw new CommandFailure("mend these files first");
        }
        return set.all();
    }
}
