package dev.exeat.it.faults;

import java.util.List;

/** Something that goes wrong, and is mended. One instance is used once. */
interface Fault {
    String name();

    /** What may fail from the moment it is inflicted until the mesh has recovered. */
    Tolerance tolerance();

    /** Why it can't be inflicted on this machine, or "". */
    default String impossible(Scene scene) {
        return "";
    }

    void inflict(Scene scene) throws Exception;

    void undo(Scene scene) throws Exception;

    /**
     * Whether this visit may have failed by the fault.
     *
     * @param since when it was inflicted
     */
    default boolean mayFail(Visit visit, long since) {
        return tolerance().mayFail(visit);
    }

    /** What was not as it should be, beside the loss counts; looked at after recovery. */
    default List<String> complaints(Scene scene) throws Exception {
        return List.of();
    }

    /** A tunnel that carried octets already lives on. */
    static boolean wasNotYetCarried(Visit visit, long since) {
        return visit.firstOctet() < 0 || visit.began() + visit.firstOctet() > since;
    }
}
