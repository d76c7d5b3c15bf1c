/** The program {@code exeat}: its commands, and how they are put together. The only module that prints or exits. */
@NullMarked
package dev.exeat.cli;

import org.jspecify.annotations.NullMarked;
