/** The history of connections over the API, for those who may see it. */
@NullMarked
package dev.exeat.control.flows;

import org.jspecify.annotations.NullMarked;
