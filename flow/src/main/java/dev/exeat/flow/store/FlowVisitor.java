package dev.exeat.flow.store;

/** Is shown flows one after the other. Called by one thread. */
@FunctionalInterface
public interface FlowVisitor {
    /** Takes one, and says whether there may be more. */
    boolean visit(StoredFlow flow);

    /** Asked again and again, also while nothing fits: whether to go on. */
    default boolean goesOn() {
        return true;
    }
}
