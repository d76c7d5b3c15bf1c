/** Where configuration comes from and how it gets into force: directories, snapshots, health, the data directory. */
@NullMarked
package dev.exeat.control;

import org.jspecify.annotations.NullMarked;
