package dev.exeat.policy.routing;

import dev.exeat.model.ObjectKey;

/** An object that only tells Istio to do what Exeat does of itself. */
public record MeshObject(ObjectKey key, String effect) {}
