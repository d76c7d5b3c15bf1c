/** proxy */
@NullMarked
package dev.exeat.proxy;

import org.jspecify.annotations.NullMarked;
