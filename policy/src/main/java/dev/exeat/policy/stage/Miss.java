package dev.exeat.policy.stage;

/**
 * Why a policy does not match.
 *
 * @param why for people; may hold text of the client
 * @param near whether it names the client and is in force, and but for a label of the host, the port or a date it would match
 * @param denies whether the policy denies what it matches
 */
public record Miss(String why, boolean near, boolean denies) {
    public static Miss near(String why) {
        return new Miss(why, true, false);
    }

    public static Miss far(String why) {
        return new Miss(why, false, false);
    }
}
