package dev.exeat.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A workload that runs: an identity, and its own proxy.
 *
 * @param name of its service account in the namespace default
 * @param proxy the address where its proxy listens
 */
record Workload(String name, String proxy, Map<String, String> curlEnvironment) {
    Workload {
        Map<String, String> copy = new LinkedHashMap<>(curlEnvironment);
        copy.put("https_proxy", "http://" + proxy);
        curlEnvironment = Map.copyOf(copy);
    }

    String principal() {
        return "cluster.local/ns/default/sa/" + name;
    }
}
