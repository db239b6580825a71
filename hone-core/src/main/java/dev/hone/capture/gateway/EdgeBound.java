package dev.hone.capture.gateway;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * How many requests are answered at once: of programs, and apart from them of people. A few more wait for a while, what is beyond is turned away. Who
 * asks how the process is, is answered whatever there is to do.
 */
final class EdgeBound extends Handler.Wrapper {
    private final Gate programs;
    private final Gate people;
    private final Consumer<GatewayRefusal> refused;

    /**
     * How many there may be of one kind.
     *
     * @param atOnce which are being answered; each has a virtual thread, and what it keeps of its answer
     * @param waiting for one of these to end
     * @param longest that one waits
     */
    record Room(int atOnce, int waiting, Duration longest) {
        static final Room PROGRAMS = new Room(4_096, 4_096, Duration.ofSeconds(10));
        static final Room PEOPLE = new Room(1_024, 1_024, Duration.ofSeconds(10));
    }

    /** @param refused hears of programs' requests that are turned away */
    EdgeBound(Handler handler, Room programs, Room people, Consumer<GatewayRefusal> refused) {
        super(handler);
        this.programs = new Gate(programs);
        this.people = new Gate(people);
        this.refused = refused;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (ServiceHandler.isService(path)) {
            return super.handle(request, response, callback);
        }
        boolean program = EdgePaths.isForPrograms(path);
        Gate gate = program ? programs : people;
        if (!gate.enter()) {
            GatewayRefusal refusal = refusal();
            if (program) {
                refused.accept(refusal);
            }
            RequestBody.discard(request);
            EdgeErrors.refuse(request, response, callback, refusal);
            return true;
        }
        try {
            return super.handle(request, response, callback);
        } finally {
            gate.leave();
        }
    }

    private static GatewayRefusal refusal() {
        return GatewayRefusal.later(
                503,
                "overloaded",
                "As many requests as can be are being answered, and as many wait: send this one again in a moment",
                Duration.ofSeconds(1));
    }

    private static final class Gate {
        private final Semaphore places;
        private final AtomicInteger waiting = new AtomicInteger();
        private final Room room;

        Gate(Room room) {
            this.room = room;
            this.places = new Semaphore(room.atOnce(), true);
        }

        boolean enter() throws InterruptedException {
            // Not before those that wait.
            if (places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                return true;
            }
            try {
                return waiting.incrementAndGet() <= room.waiting()
                        && places.tryAcquire(room.longest().toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                waiting.decrementAndGet();
            }
        }

        void leave() {
            places.release();
        }
    }
}
