/** hello */
@NullMarked
package dev.exeat.hello;

import org.jspecify.annotations.NullMarked;
