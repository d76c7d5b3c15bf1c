package dev.exeat.it.faults;

/** An upstream is stopped: its kernel still accepts, but nothing is read or said. */
record UpstreamHangs() implements Fault {
    @Override
    public String name() {
        return "upstream hangs";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.site(Site.VICTIM, false);
    }

    @Override
    public boolean mayFail(Visit visit, long since) {
        return tolerance().mayFail(visit) && visit.ending() != Ending.TRUNCATED;
    }

    @Override
    public void inflict(Scene scene) {
        Stand.signal(scene.stand().site(Site.VICTIM), "STOP");
    }

    @Override
    public void undo(Scene scene) {
        Stand.signal(scene.stand().site(Site.VICTIM), "CONT");
    }
}
