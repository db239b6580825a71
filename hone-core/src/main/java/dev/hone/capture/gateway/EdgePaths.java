package dev.hone.capture.gateway;

import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends what programs ask for to one handler, and all other paths, which people ask for, to another. */
final class EdgePaths extends Handler.Sequence {
    private static final String CALLS = "/v1/";
    private static final Set<String> SINGLE = Set.of("/v1", "/feedback", "/health", "/ready", "/metrics");

    private final Handler programs;
    private final Handler people;

    EdgePaths(Handler programs, Handler people) {
        super(programs, people);
        this.programs = programs;
        this.people = people;
    }

    static boolean isForPrograms(String path) {
        return path.startsWith(CALLS) || SINGLE.contains(path);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return (isForPrograms(Request.getPathInContext(request)) ? programs : people)
                .handle(request, response, callback);
    }
}
