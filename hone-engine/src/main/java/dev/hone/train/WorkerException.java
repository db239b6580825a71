package dev.hone.train;

/** A call to the worker process that did not succeed. The message is meant for the user. */
public final class WorkerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    WorkerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    WorkerException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What went wrong, so that a caller can act on it. */
    public enum Reason {
        /** A model file, a datum or an option that cannot be used; the worker goes on. */
        BAD_INPUT,
        /** Not enough memory for the model or for a batch. */
        OUT_OF_MEMORY,
        /** A file could not be read or written: no such file, full disk. */
        FILE,
        /** A fault in the worker's own code, with its trace. */
        FAULT,
        /** The process ended: native crash, killed, or the kernel took it when memory ran out. */
        DIED
    }
}
