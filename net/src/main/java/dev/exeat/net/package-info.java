/**
 * Event loops, sockets, splice and TLS sessions over native calls. It knows no policy and no names, and everything
 * unsafe in Exeat is here. Unless a method says otherwise, its objects belong to the thread of their loop.
 */
@NullMarked
package dev.exeat.net;

import org.jspecify.annotations.NullMarked;
