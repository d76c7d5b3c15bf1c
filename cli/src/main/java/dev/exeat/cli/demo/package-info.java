/** The demonstration: tells a story on real sockets and checks every step of it. */
@NullMarked
package dev.exeat.cli.demo;

import org.jspecify.annotations.NullMarked;
