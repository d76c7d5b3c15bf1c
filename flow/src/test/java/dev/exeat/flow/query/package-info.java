@NullMarked
package dev.exeat.flow.query;

import org.jspecify.annotations.NullMarked;
