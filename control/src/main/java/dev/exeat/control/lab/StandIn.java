package dev.exeat.control.lab;

import java.util.Map;

/**
 * A deployment that stands for a part of this process, so that people find its log where they look for it. Nothing can
 * be run in its pods.
 *
 * @param labels of its pods
 * @param container the only one
 */
public record StandIn(String namespace, String name, Map<String, String> labels, String container, PodLog log) {
    public StandIn {
        labels = Map.copyOf(labels);
    }
}
