/**
 * Which client owns which field of an object: server-side apply with its conflicts, and {@code managedFields} (Kubernetes
 * documentation, "Server-Side Apply").
 */
@NullMarked
package dev.exeat.control.kube.fields;

import org.jspecify.annotations.NullMarked;
