/**
 * The way of a call through Hone: read as far as needed, sent to whom the route says, passed back byte by byte, and written to the
 * journal before its last byte leaves. Reads requests and answers over HTTP; writes {@link dev.hone.capture.journal}.
 */
@NullMarked
package dev.hone.capture.gateway;

import org.jspecify.annotations.NullMarked;
