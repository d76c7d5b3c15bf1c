/** How a gateway follows the objects of an {@code exeat up} elsewhere, keeps them on disk, and reports to it. */
@NullMarked
package dev.exeat.control.remote;

import org.jspecify.annotations.NullMarked;
