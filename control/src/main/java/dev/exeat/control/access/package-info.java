/**
 * Who calls the API, what they may do there, and what they did: authentication by tokens and certificates, three roles
 * that bindings give to users, groups and service accounts, and the audit log.
 */
@NullMarked
package dev.exeat.control.access;

import org.jspecify.annotations.NullMarked;
