package dev.exeat.control.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowTable;
import dev.exeat.flow.store.FlowVisitor;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.SqliteFlows;
import dev.exeat.flow.store.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowTailTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    /** Of a store whose every reading fails by a fault. */
    private record Faulty(FlowHistory history) implements FlowHistory {
        @Override
        public void read(FlowFilter filter, Window window, FlowVisitor visitor) {
            throw new IllegalStateException("a fault");
        }

        @Override
        public @Nullable Flow find(String id) {
            return history.find(id);
        }

        @Override
        public void minutes(Instant since, Instant until, Predicate<MinuteSum> visitor) {
            history.minutes(since, until, visitor);
        }

        @Override
        public long newest() {
            return history.newest();
        }

        @Override
        public void close() {
            history.close();
        }
    }

    @Test
    void a_fault_ends_who_follows_and_who_comes_later_follows_anew() throws InterruptedException {
        FlowStore store = new SqliteFlows(directory.resolve("flows.db"));
        try (FlowTable table = store.table()) {
            FlowTail tail = new FlowTail(new FlowStore() {
                @Override
                public FlowTable table() {
                    return table;
                }

                @Override
                public FlowHistory history() {
                    return new Faulty(store.history());
                }
            });

            for (int i = 0; i < 2; i++) {
                FlowQueue queue = new FlowQueue(_ -> true, 1);
                tail.join(queue);
                assertThat(queue.take(LONG).ended()).isTrue();
            }
        }
    }
}
