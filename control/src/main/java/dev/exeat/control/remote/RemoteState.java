package dev.exeat.control.remote;

import java.net.URI;
import java.time.Instant;

/**
 * How a gateway stands to the server whose objects it follows.
 *
 * @param confirmed when the server last said that the objects are those that it has
 * @param kept whether they are from the disk, and the server has said nothing yet since this process started
 * @param problem why the server's objects are not had now, empty where they are
 */
public record RemoteState(
        URI server, boolean connected, Instant confirmed, long resourceVersion, boolean kept, String problem) {}
