package dev.exeat.net;

/**
 * The system call numbers and the one structure layout that differ between processors (Linux
 * {@code arch/x86/entry/syscalls/syscall_64.tbl} and {@code include/uapi/asm-generic/unistd.h}). The kernel packs
 * {@code epoll_event} on x86_64 alone.
 *
 * @param eventSize octets of an {@code epoll_event}
 * @param eventData offset of its data
 */
record Architecture(
        int read,
        int write,
        int close,
        int socket,
        int connect,
        int accept4,
        int sendto,
        int recvfrom,
        int shutdown,
        int bind,
        int listen,
        int getsockname,
        int setsockopt,
        int getsockopt,
        int epollCreate1,
        int epollCtl,
        int epollPwait,
        int splice,
        int pipe2,
        int fcntl,
        int eventfd2,
        int inotifyInit1,
        int inotifyAddWatch,
        int ppoll,
        int sendmsg,
        int recvmsg,
        int openat,
        int ioctl,
        int setns,
        int execve,
        int eventSize,
        int eventData) {

    static final Architecture X86_64 = new Architecture(
            0, 1, 3, 41, 42, 288, 44, 45, 48, 49, 50, 51, 54, 55, 291, 233, 281, 275, 293, 72, 290, 294, 254, 271, 46,
            47, 257, 16, 308, 59, 12, 4);

    static final Architecture AARCH64 = new Architecture(
            63, 64, 57, 198, 203, 242, 206, 207, 210, 200, 201, 204, 208, 209, 20, 21, 22, 76, 59, 25, 19, 26, 27, 73,
            211, 212, 56, 29, 268, 221, 16, 8);

    /** @throws UnsupportedOperationException on a system that the event loop was not made for */
    static Architecture current() {
        String os = System.getProperty("os.name", "");
        String processor = System.getProperty("os.arch", "");
        if (os.equals("Linux") && processor.equals("amd64")) {
            return X86_64;
        }
        if (os.equals("Linux") && processor.equals("aarch64")) {
            return AARCH64;
        }
        throw new UnsupportedOperationException(
                "Exeat's data plane runs on Linux on x86_64 and aarch64, not on " + os + " on " + processor);
    }
}
