package dev.hone.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C (or SIGTERM) as a request: while this is open, the virtual machine waits with its end until it is closed. The exit
 * code is then 130 (or 143), as the signal demands.
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("hone-interruption").unstarted(this::holdBack);
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the work should stop at the next good moment. */
    boolean requested() {
        return requested;
    }

    /** Waits until it is requested. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdBack() {
        requested = true;
        asked.countDown();
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The virtual machine is ending: the hook has done its work.
        }
    }
}
