/**
 * AuthorizationPolicy objects of {@code security.istio.io}, as Istio applies them to TCP: denials first, then allowances,
 * of which one must match as soon as there is any.
 */
@NullMarked
package dev.exeat.policy.authorization;

import org.jspecify.annotations.NullMarked;
