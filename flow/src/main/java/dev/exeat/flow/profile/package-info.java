/** The forms in which a gateway can write the records of connections, for people and programs that know another product. */
@NullMarked
package dev.exeat.flow.profile;

import org.jspecify.annotations.NullMarked;
