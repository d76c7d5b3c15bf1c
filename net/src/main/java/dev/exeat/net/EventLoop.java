package dev.exeat.net;

/** To be built. */
public interface EventLoop {}
