/** Tells in the status of each object of the store what became of it: accepted, with all references, in force. */
@NullMarked
package dev.exeat.control.conditions;

import org.jspecify.annotations.NullMarked;
