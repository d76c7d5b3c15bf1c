package dev.exeat.cli.demo;

/** The log line that the samples ask for, byte for byte except for its time. */
final class AccessLine {
    private static final String BEFORE_TIME = "{\"level\":\"info\",\"time\":\"";
    private static final int TIME_LENGTH = "2019-01-10T17:33:55.559093Z".length();

    private AccessLine() {}

    static boolean tells(String line, Workload who, Site where) {
        int after = BEFORE_TIME.length() + TIME_LENGTH;
        return line.startsWith(BEFORE_TIME)
                && line.length() > after
                && line.charAt(after - 1) == 'Z'
                && line.substring(after).equals(rest(who, where));
    }

    private static String rest(Workload who, Site where) {
        return "\",\"instance\":\"egress-access.instance.istio-system\",\"connectionEvent\":\"open\",\"destinationApp\":\"\""
                + ",\"requestedServerName\":\"" + where.host() + "\""
                + ",\"source\":\"istio-egressgateway-with-sni-proxy\",\"sourceNamespace\":\"default\""
                + ",\"sourcePrincipal\":\"" + who.principal() + "\""
                + ",\"sourceWorkload\":\"istio-egressgateway-with-sni-proxy\"}";
    }
}
