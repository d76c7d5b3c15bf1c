package dev.exeat.net;

/** A file descriptor that a loop watches. */
interface Pollable {
    /** @param events as epoll_wait(2) tells them */
    void ready(int events);

    /** A callback threw: nothing of it can be trusted any more. */
    void broken();
}
