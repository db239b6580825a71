package dev.hone.fetch;

import java.io.IOException;

/** A file could not be had; the message says from where, why, and what to do. */
public final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    public FetchException(String message) {
        super(message);
    }

    public FetchException(String message, Throwable cause) {
        super(message, cause);
    }
}
