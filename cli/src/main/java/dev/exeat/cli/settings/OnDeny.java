package dev.exeat.cli.settings;

/** How the workload proxy tells an application that its connection is denied. */
public enum OnDeny {
    /** HTTP status 403 with a JSON body to a CONNECT, reply 2 to a SOCKS5 request. */
    HTTP,
    /** The tunnel is opened, and the application's ClientHello answered with a fatal TLS alert. */
    ALERT
}
