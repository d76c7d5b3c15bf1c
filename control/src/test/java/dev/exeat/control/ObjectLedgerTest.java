package dev.exeat.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectLedgerTest {
    private final List<String> checked = new ArrayList<>();
    private final ObjectLedger ledger = new ObjectLedger(this::check);

    /** Objects with the note "bad" are broken; others get a warning each. */
    private List<List<Problem>> check(List<Resource> resources, Collection<Resource> context) {
        return resources.stream().map(this::check).toList();
    }

    private List<Problem> check(Resource resource) {
        String note = resource.annotations().getOrDefault("note", "");
        checked.add(resource.key().name() + note);
        Problem.Severity severity = note.equals("bad") ? Problem.Severity.ERROR : Problem.Severity.WARNING;
        return List.of(new Problem(severity, "note", resource.place(), resource.key(), "", note, ""));
    }

    private static Resource object(String name, String note) {
        byte[] content = Manifests.noted(name, note).getBytes(StandardCharsets.UTF_8);
        return new ManifestReader().read("t.yaml", content).resources().getFirst();
    }

    private static List<String> notes(ObjectLedger.Accepted accepted) {
        return accepted.sound().stream()
                .map(r -> r.key().name() + ":" + r.annotations().get("note"))
                .toList();
    }

    @Test
    void a_broken_object_leaves_its_last_good_version_and_all_others_alone() {
        ledger.accept(List.of(object("a", "1"), object("b", "1")));

        ObjectLedger.Accepted accepted = ledger.accept(List.of(object("a", "bad"), object("b", "2")));

        assertThat(notes(accepted)).containsExactly("a:1", "b:2");
        assertThat(accepted.problems()).filteredOn(Problem::isError).hasSize(1);
    }

    @Test
    void the_last_good_version_lasts_over_many_broken_ones() {
        ledger.accept(List.of(object("a", "1")));
        ledger.accept(List.of(object("a", "bad")));
        ledger.accept(List.of(object("a", "bad")));

        assertThat(notes(ledger.accept(List.of(object("a", "bad"))))).containsExactly("a:1");
    }

    @Test
    void a_broken_file_deletes_nothing_as_half_a_file_would() {
        ledger.accept(List.of(object("a", "1"), object("b", "1")));

        assertThat(notes(ledger.accept(List.of(object("a", "bad"))))).containsExactlyInAnyOrder("a:1", "b:1");
        assertThat(notes(ledger.accept(List.of(object("a", "2"))))).containsExactly("a:2");
    }

    @Test
    void an_object_that_never_was_good_is_out() {
        assertThat(notes(ledger.accept(List.of(object("a", "bad"), object("b", "1")))))
                .containsExactly("b:1");
    }

    @Test
    void a_deleted_object_is_forgotten() {
        ledger.accept(List.of(object("a", "1")));
        ledger.accept(List.of());

        assertThat(notes(ledger.accept(List.of(object("a", "bad"))))).isEmpty();
    }

    @Test
    void an_unchanged_object_is_judged_once_and_its_problems_are_told_again() {
        Resource unchanged = object("a", "1");
        ledger.accept(List.of(unchanged));

        ObjectLedger.Accepted accepted = ledger.accept(List.of(unchanged, object("b", "1")));

        assertThat(checked).containsExactly("a1", "b1");
        assertThat(accepted.problems()).hasSize(2);
    }
}
