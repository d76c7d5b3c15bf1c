/** The head of an HTTP/1.1 CONNECT request, read strictly, and the answers to it. */
@NullMarked
package dev.exeat.proxy.http1;

import org.jspecify.annotations.NullMarked;
