/**
 * Who may see pages: passwords, sessions, and how often somebody may guess. Reads and writes people, sessions and the audit log of the
 * store; knows nothing of HTTP.
 */
@NullMarked
package dev.hone.web.access;

import org.jspecify.annotations.NullMarked;
