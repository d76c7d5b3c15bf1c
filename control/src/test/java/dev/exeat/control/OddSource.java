package dev.exeat.control;

/** Files, with the versions that an API has, and with faults. */
final class OddSource implements ResourceSource {
    private final DirectorySource files;
    private volatile long version = 1;
    private volatile boolean broken;
    private volatile Runnable listener = () -> {};

    OddSource(DirectorySource files) {
        this.files = files;
    }

    /** From now on it is asked in vain. */
    void breaks() {
        broken = true;
    }

    /** Sound, and at a later version. */
    void becomes(long later) {
        version = later;
        broken = false;
        listener.run();
    }

    @Override
    public ResourceSet current() {
        if (broken) {
            throw new IllegalStateException("a fault");
        }
        ResourceSet now = files.current();
        return new ResourceSet(now.resources(), now.problems(), now.sharers(), version);
    }

    @Override
    public void refresh() {
        files.refresh();
    }

    @Override
    public void onChange(Runnable told) {
        listener = told;
    }

    @Override
    public void close() {
        files.close();
    }
}
