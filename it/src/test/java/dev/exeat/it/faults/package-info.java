/** The fault driver: a small mesh of real programs under load, on which faults are inflicted one after the other. */
@org.jspecify.annotations.NullMarked
package dev.exeat.it.faults;
