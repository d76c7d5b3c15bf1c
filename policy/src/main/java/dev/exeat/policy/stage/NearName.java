package dev.exeat.policy.stage;

/** When one server name is nearly another: by one label. */
public final class NearName {
    private NearName() {}

    /**
     * How a name that is listed is near to another; empty where it is not. Both are compared without regard to case.
     *
     * @param listed a name, or with {@code *.} before it those below it
     */
    public static String of(String name, String listed) {
        if (name.equalsIgnoreCase(listed)) {
            return "but for the case of its letters it is " + listed;
        }
        String host = listed.startsWith("*.") ? listed.substring(2) : listed;
        if (host.equalsIgnoreCase(name)) {
            return listed + " does not cover " + name + " itself";
        }
        if (isBelow(name, host)) {
            return listed + " does not cover " + name + " below it";
        }
        String parent = parent(name);
        boolean siblings = parent.contains(".") && parent.equalsIgnoreCase(parent(host));
        return siblings && host.equals(listed) ? listed + " is beside it" : "";
    }

    private static boolean isBelow(String name, String host) {
        return host.contains(".")
                && name.length() > host.length() + 1
                && name.charAt(name.length() - host.length() - 1) == '.'
                && name.regionMatches(true, name.length() - host.length(), host, 0, host.length());
    }

    private static String parent(String name) {
        return name.substring(name.indexOf('.') + 1);
    }
}
