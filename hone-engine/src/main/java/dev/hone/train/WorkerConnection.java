package dev.hone.train;

import dev.hone.train.Frames.FrameException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call at a time to a worker process. After a death or a broken frame every call fails in the same way. */
final class WorkerConnection implements AutoCloseable {
    private final WorkerProcess process;
    private final Frames frames;
    private @Nullable WorkerException broken;
    private boolean closed;

    WorkerConnection(WorkerSettings settings) {
        process = WorkerProcess.start(settings);
        frames = new Frames(new BufferedInputStream(process.in()), new BufferedOutputStream(process.out()));
    }

    /** Sends a request and waits for the reply of this type. */
    <T extends WorkerReply> T call(WorkerRequest request, Class<T> reply) {
        return call(request, reply, token -> {
            throw new IllegalStateException("A token that nobody asked for");
        });
    }

    /** As {@link #call(WorkerRequest, Class)}, hearing the tokens that come before the reply. */
    synchronized <T extends WorkerReply> T call(
            WorkerRequest request, Class<T> reply, Consumer<WorkerReply.Token> tokens) {
        if (broken != null) {
            throw new WorkerException(broken.reason(), String.valueOf(broken.getMessage()), broken);
        }
        if (closed) {
            throw new IllegalStateException("The worker is closed");
        }
        String doing = "in " + request.getClass().getSimpleName();
        try {
            frames.write(WorkerRequest.class, request);
            while (true) {
                switch (frames.read(WorkerReply.class)) {
                    case null -> throw dead(process.died(doing));
                    case WorkerReply.Token token -> tokens.accept(token);
                    case WorkerReply.Failed failed -> throw new WorkerException(failed.reason(), failed.message());
                    case WorkerReply other -> {
                        return reply.cast(other);
                    }
                }
            }
        } catch (FrameException e) {
            throw dead(process.brokeProtocol(e));
        } catch (IOException e) {
            throw dead(process.died(doing));
        }
    }

    private WorkerException dead(WorkerException cause) {
        broken = cause;
        return cause;
    }

    /** For a protocol that goes on from here without {@link #call}. */
    Frames frames() {
        return frames;
    }

    WorkerProcess process() {
        return process;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        if (broken == null) {
            try {
                call(new WorkerRequest.Close(), WorkerReply.Done.class);
            } catch (WorkerException e) {
                // The work is done and answered for; how the process ends no longer matters.
            }
        }
        closed = true;
        if (broken == null) {
            process.close();
        }
    }
}
