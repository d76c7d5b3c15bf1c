/**
 * What the pods of {@code exeat up --lab} run in: this machine's programs, each pod with an identity and a proxy of its own,
 * as network namespaces or as processes.
 */
@NullMarked
package dev.exeat.cli.lab;

import org.jspecify.annotations.NullMarked;
