package dev.exeat.control.access;

/** All that decides on access to the API. */
public record AccessControl(
        Authenticator authenticator,
        Authorizer authorizer,
        AuditLog audit,
        TokenRequests tokens,
        CertificateRequests certificates) {}
