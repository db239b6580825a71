package dev.hone.capture.gateway;

import java.io.IOException;

/** What a server said is no answer to a call; the message says what it was, as its caller may be told. */
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    NoAnswerException(String message) {
        super(message);
    }
}
