/** Health and metrics over plain HTTP, for the machine's own supervisors. */
@NullMarked
package dev.exeat.control.admin;

import org.jspecify.annotations.NullMarked;
