/**
 * A laptop-sized stand-in for a cluster's workloads: deployments become pods, pods have an identity and a way out, and
 * commands run in them. What a pod runs in is given from outside ({@link dev.exeat.control.lab.PodRuntime}).
 */
@NullMarked
package dev.exeat.control.lab;

import org.jspecify.annotations.NullMarked;
