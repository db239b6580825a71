package dev.hone.capture.gateway;

/** A fault of ours, in words that hold nothing of what somebody asked: what it was, and where. */
public final class Fault {
    private Fault() {}

    /** For the log. */
    public static String told(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return "A fault in Hone: %s at %s"
                .formatted(e.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]);
    }
}
