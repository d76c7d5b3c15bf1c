package dev.exeat.cli.objects;

import java.net.URI;
import javax.net.ssl.SSLContext;

/**
 * Where the API is and as whom to speak to it.
 *
 * @param authorization the value of that header, or empty where a client certificate does
 * @param namespace that of objects which name none
 */
public record Access(URI server, SSLContext tls, String authorization, String namespace) {}
