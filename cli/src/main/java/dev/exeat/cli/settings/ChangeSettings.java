package dev.exeat.cli.settings;

import dev.exeat.proxy.OnChange;

/**
 * What becomes of open connections that would not be permitted again.
 *
 * @param onRevoke where the identity is revoked, or its roots are no longer trusted
 * @param onPolicyChange where the policy would deny it
 */
public record ChangeSettings(OnChange onRevoke, OnChange onPolicyChange) {}
