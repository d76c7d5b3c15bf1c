/** The history of connections, kept on disk. The only place in this module that knows SQL. */
@NullMarked
package dev.exeat.flow.store;

import org.jspecify.annotations.NullMarked;
