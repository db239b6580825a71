package dev.hone.record;

import java.time.Instant;
import java.util.UUID;

/**
 * That somebody took the calls of a use case's live version away, or gave them back. Made by the gateway that was asked, kept for ever; followed by all that share
 * the database.
 *
 * @param id of version 7
 * @param off whether the live version has no calls from then on
 * @param who decided
 * @param at when, by the clock of the gateway that was asked
 */
public record LiveSwitch(UUID id, boolean off, String who, Instant at) {}
