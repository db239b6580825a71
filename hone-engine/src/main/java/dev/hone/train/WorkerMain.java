package dev.hone.train;

import java.nio.file.Path;

/** Entry of the worker process; its argument is the socket to connect to. */
final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] arguments) throws Exception {
        WorkerServer.serve(Path.of(arguments[0]), new TorchEngine());
    }
}
