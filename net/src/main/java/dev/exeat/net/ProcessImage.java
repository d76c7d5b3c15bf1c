package dev.exeat.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/** The program that this process runs (execve(2)). */
public final class ProcessImage {
    private ProcessImage() {}

    /**
     * Runs another program in this process, with the same number, files and directory; everything of this program ends
     * at once. Returns only by an exception.
     *
     * @param words the path of the program first
     * @throws IOException if it cannot be run; this program goes on
     */
    public static void replace(List<String> words, Map<String, String> environment) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(words.getFirst());
            List<String> variables = environment.entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .toList();
            long result = new Kernel(arena)
                    .block(
                            Kernel.ARCHITECTURE.execve(),
                            path.address(),
                            array(arena, words).address(),
                            array(arena, variables).address(),
                            0,
                            0,
                            0);
            throw new IOException(words.getFirst() + ": " + Errno.text((int) -result));
        }
    }

    private static MemorySegment array(Arena arena, List<String> texts) {
        MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return pointers;
    }
}
