package dev.exeat.it.faults;

/** An upstream is killed; clients are told, and those of the other upstream feel nothing. */
record UpstreamDead() implements Fault {
    @Override
    public String name() {
        return "upstream dead";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.site(Site.VICTIM, true);
    }

    @Override
    public void inflict(Scene scene) {
        scene.stand().site(Site.VICTIM).kill();
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().startSite(Site.VICTIM);
    }
}
