package dev.exeat.policy.stage;

/**
 * Why a policy does not match.
 *
 * @param why for people; may hold text of the client
 * @param near whether it names the client, and but for a label of the host, the port or a date it would match
 */
public record Miss(String why, boolean near) {
    public static Miss near(String why) {
        return new Miss(why, true);
    }

    public static Miss far(String why) {
        return new Miss(why, false);
    }
}
