/**
 * Turns the egress rules of other products into EgressPolicy objects. An import never allows more than its source did:
 * what cannot be said here is left out of allowances, makes denials wider, and is listed.
 */
@NullMarked
package dev.exeat.control.importing;

import org.jspecify.annotations.NullMarked;
