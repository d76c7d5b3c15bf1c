/** The gateways that enforce what this server holds: what they are told, and what they say is in force. */
@NullMarked
package dev.exeat.control.gateways;

import org.jspecify.annotations.NullMarked;
