@NullMarked
package dev.exeat.flow.store;

import org.jspecify.annotations.NullMarked;
