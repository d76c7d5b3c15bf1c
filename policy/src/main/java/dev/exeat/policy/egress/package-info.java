/**
 * EgressPolicy and HostSet objects of {@code exeat.dev}: who may reach what. Any denial denies, and whom an allowance
 * selects needs one.
 */
@NullMarked
package dev.exeat.policy.egress;

import org.jspecify.annotations.NullMarked;
