package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Manifests that are broken beyond doubt: each is refused, and what was in force stays. */
final class ManifestGarbage implements Fault {
    private static final long NOTICED_NANOS = 5_000_000_000L;

    private final int files;
    private final List<String> complaints = new ArrayList<>();

    ManifestGarbage(int files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "manifest garbage";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) throws IOException {
        if (!scene.policy().pause()) {
            complaints.add("the policy was not in force within 10 s before");
        }
        String good = scene.policy().current().yaml();
        String before = scene.stand().metrics(Role.UP).digest();
        for (int i = 0; i < files; i++) {
            Path file = scene.policy().file();
            Files.write(file, Mangling.of(good, scene.random()));
            awaitErrors(
                    scene,
                    true,
                    "file " + i + " was taken for a good one:\n" + Files.readString(file, StandardCharsets.ISO_8859_1));
            String now = scene.stand().metrics(Role.UP).digest();
            if (!now.equals(before)) {
                complaints.add(
                        "the policy changed by a broken file:\n" + Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            Stand.write(file, good);
            awaitErrors(scene, false, "the mended file did not mend the policy");
        }
    }

    private void awaitErrors(Scene scene, boolean expected, String complaint) {
        long deadline = System.nanoTime() + NOTICED_NANOS;
        while (System.nanoTime() < deadline) {
            if (scene.stand().metrics(Role.UP).sum("exeat_config_problems", "error") > 0 == expected) {
                return;
            }
            LockSupport.parkNanos(5_000_000);
        }
        complaints.add(complaint);
    }

    @Override
    public void undo(Scene scene) {
        Stand.write(scene.policy().file(), scene.policy().current().yaml());
        scene.policy().resume();
    }

    @Override
    public List<String> complaints(Scene scene) {
        return complaints.stream()
                .map(text -> text.substring(0, Math.min(600, text.length())))
                .toList();
    }
}
