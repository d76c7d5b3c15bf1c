/** Shows the objects of files in the store, where the API serves them read-only. */
@NullMarked
package dev.exeat.control.mirror;

import org.jspecify.annotations.NullMarked;
