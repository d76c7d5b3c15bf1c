/** Holds objects against the schema of their kind: what is wrong, what is unknown, what is filled in. */
@NullMarked
package dev.exeat.control.kube.schema;

import org.jspecify.annotations.NullMarked;
