/**
 * The resource API in the form that kubectl and other clients of Kubernetes speak: discovery, schemas, objects, tables,
 * watches, patches. Texts of errors are those of Kubernetes, because clients and people know them.
 */
@NullMarked
package dev.exeat.control.kube;

import org.jspecify.annotations.NullMarked;
