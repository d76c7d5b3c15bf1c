package dev.exeat.it.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The gateway's files of identity are overwritten with anything: it goes on with what it has. */
final class BundleGarbage implements Fault {
    private static final List<String> FILES = List.of("bundle.pem", "svid.pem", "key.pem");

    private byte[] good = {};
    private String file = "";

    @Override
    public String name() {
        return "bundle garbage";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) throws IOException {
        file = FILES.get(scene.random().nextInt(FILES.size()));
        Path path = scene.stand().identity().resolve(file);
        good = Files.readAllBytes(path);
        byte[] bad = good.clone();
        switch (scene.random().nextInt(3)) {
            case 0 -> scene.random().nextBytes(bad);
            case 1 -> bad = java.util.Arrays.copyOf(good, good.length / 2);
            default -> bad[good.length / 2] = '!';
        }
        Files.write(path, bad);
    }

    @Override
    public void undo(Scene scene) throws IOException {
        Files.write(scene.stand().identity().resolve(file), good);
    }
}
