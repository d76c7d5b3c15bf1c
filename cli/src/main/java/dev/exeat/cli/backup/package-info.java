/** {@code exeat backup} and {@code exeat restore}: copies of the store of the resource API. */
@NullMarked
package dev.exeat.cli.backup;

import org.jspecify.annotations.NullMarked;
