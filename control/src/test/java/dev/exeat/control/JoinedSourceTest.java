package dev.exeat.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinedSourceTest {
    private final Held first = new Held();
    private final Held second = new Held();
    private final JoinedSource joined = new JoinedSource(first, second);

    /** A source of what it is given. */
    private static final class Held implements ResourceSource {
        private ResourceSet set = ResourceSet.EMPTY;

        void hold(List<Resource> resources, long version) {
            set = new ResourceSet(resources, List.of(), version);
        }

        @Override
        public ResourceSet current() {
            return set;
        }

        @Override
        public void refresh() {}

        @Override
        public void onChange(Runnable listener) {}

        @Override
        public void close() {}
    }

    private static Resource account(String name, String note) {
        return new ManifestReader()
                .read(note + ".yaml", Manifests.noted(name, note).getBytes(StandardCharsets.UTF_8))
                .resources()
                .getFirst();
    }

    private List<String> shown() {
        return joined.current().resources().stream()
                .map(resource -> resource.key().name() + " " + resource.place().file())
                .toList();
    }

    @Test
    void an_object_of_both_is_that_of_the_first_until_it_goes_there() {
        first.hold(List.of(account("a", "file")), 0);
        second.hold(List.of(account("b", "api")), 1);
        assertThat(shown()).containsExactly("a file.yaml", "b api.yaml");

        second.hold(List.of(account("a", "api"), second.current().resources().getFirst()), 2);
        assertThat(shown()).containsExactly("a file.yaml", "b api.yaml");
        assertThat(joined.current().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("object-twice"))
                .satisfies(problem -> assertThat(problem.message()).contains("file.yaml:1"));

        first.hold(List.of(), 0);
        assertThat(shown()).containsExactly("a api.yaml", "b api.yaml");
        assertThat(joined.current().problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void change_by_change_it_has_what_a_new_one_has(int seed) {
        Random random = new Random(seed);
        List<Resource> files = new ArrayList<>();
        List<Resource> objects = new ArrayList<>();
        for (int i = 1; i < 200; i++) {
            boolean ofFiles = random.nextInt(4) == 0;
            List<Resource> changed = ofFiles ? files : objects;
            String name = "n" + random.nextInt(10);
            changed.removeIf(resource -> resource.key().name().equals(name));
            if (random.nextInt(3) > 0) {
                changed.add(random.nextInt(changed.size() + 1), account(name, (ofFiles ? "file" : "api") + i));
            }
            (ofFiles ? first : second).hold(changed, i);
            ResourceSet anew = new JoinedSource(first, second).current();
            assertThat(joined.current().resources()).isEqualTo(anew.resources());
            assertThat(joined.current().problems()).isEqualTo(anew.problems());
        }
    }
}
