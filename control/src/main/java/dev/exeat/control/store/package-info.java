/** The durable store of the objects that come through the API: one file, one rising version, watches without a gap. */
@NullMarked
package dev.exeat.control.store;

import org.jspecify.annotations.NullMarked;
