package dev.exeat.control.conditions;

import java.util.List;

/**
 * How far a change has come.
 *
 * @param digest of the policy that is in force at this server
 * @param gateways how many are waited for
 * @param behind the names of those that do not have the change yet
 */
record Reached(String digest, int gateways, List<String> behind) {
    Reached {
        behind = List.copyOf(behind);
    }
}
