/** The vocabulary every module shares: names, identities, addresses, resources, attempts and verdicts; no I/O. */
@NullMarked
package dev.exeat.model;

import org.jspecify.annotations.NullMarked;
