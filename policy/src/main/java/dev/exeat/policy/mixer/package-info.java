/** The kinds of {@code config.istio.io/v1alpha2}: rules that call handlers with instances, as Istio's Mixer did. */
@NullMarked
package dev.exeat.policy.mixer;

import org.jspecify.annotations.NullMarked;
