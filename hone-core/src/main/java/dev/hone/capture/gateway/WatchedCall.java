package dev.hone.capture.gateway;

import dev.hone.capture.upstream.UpstreamClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call whose thread waits, for a server or for its client, and cannot look after itself. Another thread gives up what is asked when
 * the client has gone, when nothing comes for too long, or when all of it takes too long, and tells a client that streams that
 * somebody is at work.
 */
final class WatchedCall {
    /** Why a call was given up. */
    enum Trouble {
        CLIENT_GONE("the client has gone"),
        SILENT("silent for too long"),
        TOO_LONG("not done in time"),
        UNREAD("the client does not read");

        private final String text;

        Trouble(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final Caller caller;
    private final ClientAnswer client;
    private final long end;
    private UpstreamClient.@Nullable Asking asking;
    private @Nullable Trouble trouble;
    private long silence;
    private long since;
    private boolean writing;
    private boolean ending;

    /** @param total for the whole call */
    WatchedCall(Caller caller, ClientAnswer client, long startNanos, Duration total) {
        this.caller = caller;
        this.client = client;
        this.end = startNanos + total.toNanos();
    }

    /** A server is asked. @param most time to each piece of its answer */
    synchronized void asks(UpstreamClient.Asking begun, Duration most) {
        asking = begun;
        silence = most.toNanos();
        since = System.nanoTime();
        if (trouble != null) {
            begun.abort();
        }
    }

    /** A piece came, and goes on to the client. */
    synchronized void writes() {
        since = System.nanoTime();
        writing = true;
    }

    /** The client has it, and the next piece is waited for. @param most time to it */
    synchronized void reads(Duration most) {
        silence = most.toNanos();
        since = System.nanoTime();
        writing = false;
    }

    /** The last bytes go to the client, who may send a next request as soon as it has them: nobody reads its connection any more. */
    synchronized void ends() {
        ending = true;
        asking = null;
        writing = true;
        since = System.nanoTime();
    }

    /** Nobody is asked for a while. */
    synchronized void rests() {
        asking = null;
        writing = false;
        if (trouble == Trouble.SILENT) {
            // Of that server; the next one may speak.
            trouble = null;
        }
    }

    /** Null as long as it goes on. */
    synchronized @Nullable Trouble trouble() {
        return trouble;
    }

    boolean isClientGone() {
        return trouble() == Trouble.CLIENT_GONE || trouble() == Trouble.UNREAD || caller.isGone();
    }

    /** It cannot be looked after: its client is let go. */
    void fault() {
        caller.close();
    }

    /** Looks after it, once a moment. */
    void look(long now) {
        if (found(now)) {
            return;
        }
        client.beat(now);
    }

    private synchronized boolean found(long now) {
        if (ending) {
            if (trouble == null && now - end > 0) {
                trouble = Trouble.TOO_LONG;
                caller.close();
            }
            return true;
        }
        if (trouble == null) {
            if (caller.isGone()) {
                trouble = Trouble.CLIENT_GONE;
            } else if (now - end > 0) {
                trouble = Trouble.TOO_LONG;
            } else if (asking != null && now - since > silence) {
                trouble = writing ? Trouble.UNREAD : Trouble.SILENT;
            }
            if (trouble != null && asking != null) {
                asking.abort();
            }
            if (trouble == Trouble.UNREAD || trouble == Trouble.TOO_LONG && writing) {
                caller.close();
            }
        }
        return trouble != null;
    }
}
