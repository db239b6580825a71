package dev.hone.api;

import dev.hone.capture.access.Secret;
import dev.hone.record.SamplingMode;
import dev.hone.run.Taught;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a model is served.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param name of the model in requests
 * @param mode how the sampler computes
 * @param taught how the model was taught to be asked
 * @param bestOf answers that are drawn where one without chance is asked for, of which the most probable is given; 1 draws none
 * @param rows answers that are computed at once
 * @param queue requests that may wait beside them
 * @param context most positions of a prompt and its answer
 * @param drain how long requests may take to end when the server does
 * @param key that callers must show; null where anybody of the machine may call
 */
public record ServerOptions(
        String host,
        int port,
        String name,
        SamplingMode mode,
        Taught taught,
        int bestOf,
        int rows,
        int queue,
        int context,
        Duration drain,
        @Nullable Secret key) {
    /** Requests that may wait, where nothing else is said. */
    public static final int QUEUE = 64;

    /** Most positions, where nothing else is said, of a model that has more: what one answer may take of the memory. */
    public static final int CONTEXT = 8192;

    /** One that asks for no key. */
    public ServerOptions(
            String host,
            int port,
            String name,
            SamplingMode mode,
            Taught taught,
            int bestOf,
            int rows,
            int queue,
            int context,
            Duration drain) {
        this(host, port, name, mode, taught, bestOf, rows, queue, context, drain, null);
    }
}
