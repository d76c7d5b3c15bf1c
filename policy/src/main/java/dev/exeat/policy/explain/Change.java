package dev.exeat.policy.explain;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;

/** One change of the objects. */
public sealed interface Change {
    ObjectKey object();

    /** What it does, for people. */
    String summary();

    /** @param yaml the new object */
    record Add(ObjectKey object, String summary, Resource added, String yaml) implements Change {}

    /** @param changed the object as it is to be */
    record Edit(ObjectKey object, String summary, Resource before, Resource changed) implements Change {}

    record Remove(ObjectKey object, String summary, Resource before) implements Change {}
}
