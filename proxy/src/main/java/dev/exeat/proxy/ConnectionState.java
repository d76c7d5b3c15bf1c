package dev.exeat.proxy;

import dev.exeat.hello.HelloReader;
import dev.exeat.net.Relay;
import dev.exeat.net.Timeout;
import dev.exeat.policy.Permit;
import dev.exeat.proxy.dial.Cancel;

/** How far a connection is on its way, with what it holds there. */
sealed interface ConnectionState {
    record AwaitingHello(HelloReader reader, Timeout deadline) implements ConnectionState {}

    /** The log of connections may lose no line, and is full. */
    record AwaitingRoom() implements ConnectionState {}

    record Resolving(Permit permit) implements ConnectionState {}

    record Dialling(Cancel dial) implements ConnectionState {}

    record Splicing(Relay relay, HelloGates gates) implements ConnectionState {}

    record Ended() implements ConnectionState {}

    /** For people. */
    default String stage() {
        return switch (this) {
            case AwaitingHello _ -> "hello";
            case AwaitingRoom _ -> "log";
            case Resolving _ -> "resolving";
            case Dialling _ -> "dialling";
            case Splicing _ -> "carrying";
            case Ended _ -> "ended";
        };
    }
}
