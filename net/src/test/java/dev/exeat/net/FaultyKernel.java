package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A kernel that moves fewer octets than it was asked for, has no room, is interrupted, and at last resets. It keeps
 * the promise of edge-triggered epoll all the same: after a short or refused transfer the next edge comes, because the
 * descriptor is armed anew. It knows every descriptor that was opened and not closed.
 */
final class FaultyKernel extends Kernel {
    private static final Architecture A = ARCHITECTURE;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_MOD = 3;
    private static final Set<Integer> OPENING = Set.of(A.socket(), A.accept4(), A.epollCreate1(), A.eventfd2());

    final Set<Integer> open = ConcurrentHashMap.newKeySet();
    final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final Random random;
    private final int resetAt;
    private final MemorySegment event;
    /** By descriptor: the epoll it is in, its interest, and its data. */
    private final Map<Integer, long[]> watched = new HashMap<>();

    private int transfers;
    private volatile int faults;

    /** @param resetAt the number of the transfer from which on all are reset; -1 for never */
    FaultyKernel(Arena arena, long seed, int resetAt) {
        super(arena);
        this.random = new Random(seed);
        this.resetAt = resetAt;
        this.event = arena.allocate(16, 8);
    }

    int faults() {
        return faults;
    }

    @Override
    long call(int number, long a, long b, long c, long d, long e, long f) {
        if (number == A.recvfrom() || number == A.sendto()) {
            return transfer((int) a, c, length -> super.call(number, a, b, length, d, e, f));
        }
        if (number == A.splice()) {
            int socket = watched.containsKey((int) a) ? (int) a : (int) c;
            return transfer(socket, e, length -> super.call(number, a, b, c, d, length, f));
        }
        if (number == A.close()) {
            watched.remove((int) a);
            if (!open.remove((int) a)) {
                wrongs.add("closed twice: " + a);
            }
        } else if (number == A.epollCtl() && b == EPOLL_CTL_ADD) {
            remember((int) c, a, MemorySegment.ofAddress(d).reinterpret(A.eventSize()));
        }
        long result = super.call(number, a, b, c, d, e, f);
        if (result >= 0 && OPENING.contains(number)) {
            open.add((int) result);
        } else if (result >= 0 && number == A.pipe2()) {
            MemorySegment ends = MemorySegment.ofAddress(a).reinterpret(8);
            open.addAll(List.of(ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, 4)));
        }
        return result;
    }

    private void remember(int fd, long epoll, MemorySegment added) {
        watched.put(fd, new long[] {
            epoll,
            added.get(ValueLayout.JAVA_INT_UNALIGNED, 0),
            added.get(ValueLayout.JAVA_LONG_UNALIGNED, A.eventData())
        });
    }

    private interface Transfer {
        long move(long length);
    }

    private long transfer(int fd, long length, Transfer transfer) {
        if (!open.contains(fd)) {
            wrongs.add("used after its close: " + fd);
        }
        if (length == 0) {
            wrongs.add("a transfer of nothing: " + fd);
            return 0;
        }
        transfers++;
        if (resetAt >= 0 && transfers >= resetAt) {
            faults++;
            return -Errno.ECONNRESET;
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                faults++;
                return -Errno.EINTR;
            }
            case 1 -> {
                armAnew(fd);
                return -Errno.EAGAIN;
            }
            case 2, 3 -> {
                long moved = transfer.move(1 + random.nextLong(Math.min(length, 5000)));
                armAnew(fd);
                return moved;
            }
            default -> {
                return transfer.move(length);
            }
        }
    }

    private void armAnew(int fd) {
        faults++;
        long[] kept = watched.get(fd);
        if (kept != null) {
            event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) kept[1]);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, A.eventData(), kept[2]);
            super.call(A.epollCtl(), kept[0], EPOLL_CTL_MOD, fd, event.address(), 0, 0);
        }
    }
}
