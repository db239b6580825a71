package dev.hone.train;

import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.record.Snapshot.SampleListener;
import dev.hone.record.TrainingClient;
import dev.hone.sample.Generator;
import dev.hone.tensor.ModelFileException;
import dev.hone.train.WorkerException.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The worker's side: one thread reads requests, the main thread carries them out in order, so that libtorch sees one
 * thread. When the parent's end of the socket closes, in order or by its death, the process ends at once.
 */
final class WorkerServer {
    private static final System.Logger LOG = System.getLogger(WorkerServer.class.getName());
    private static final int ORPHANED = 4;

    /** What a worker can open; the real one is libtorch. */
    interface Engine {
        TrainingClient trainer(TrainerSpec spec);

        Snapshot sampler(Path model, SamplingMode mode);

        MachineCeiling ceiling(BlockShape shape);

        Generator generator(Path model, SamplingMode mode);
    }

    private final Engine engine;
    private final Frames frames;
    private final Path folder;
    private final BlockingQueue<WorkerRequest> requests = new LinkedBlockingQueue<>();
    private final Map<Long, Snapshot> snapshots = new HashMap<>();
    private @Nullable TrainingClient trainer;
    private long nextSnapshot = 1;

    private WorkerServer(Engine engine, Frames frames, Path folder) {
        this.engine = engine;
        this.frames = frames;
        this.folder = folder;
    }

    /** Entry of the child process: connects to the socket and serves until told to close. */
    static void serve(Path socket, Engine engine) throws IOException, InterruptedException {
        // Ctrl-C, and a SIGTERM of timeout or a service manager, reach the whole process group: the parent decides what
        // they mean.
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
        Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
        Signal.handle(new Signal("TERM"), SignalHandler.SIG_IGN);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Frames frames = new Frames(
                    new BufferedInputStream(Channels.newInputStream(channel)),
                    new BufferedOutputStream(Channels.newOutputStream(channel)));
            WorkerServer server =
                    new WorkerServer(engine, frames, socket.toAbsolutePath().resolveSibling(""));
            Thread.ofPlatform().daemon().name("hone-worker-reader").start(server::read);
            server.run();
        }
    }

    private void read() {
        try {
            WorkerRequest request = frames.read(WorkerRequest.class);
            while (request != null) {
                requests.add(request);
                request = frames.read(WorkerRequest.class);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The connection to the parent broke", e);
        }
        forget();
        Runtime.getRuntime().halt(ORPHANED);
    }

    /** Removes the folder of a worker whose parent is gone: nobody will read its log. */
    private void forget() {
        try {
            Files.deleteIfExists(folder.resolve("worker.log"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove the worker's folder [" + folder + "]", e);
        }
    }

    private void run() throws IOException, InterruptedException {
        while (true) {
            WorkerRequest request = requests.take();
            if (request instanceof WorkerRequest.Serve serve) {
                serve(serve);
                return;
            }
            WorkerReply reply = answer(request);
            frames.write(WorkerReply.class, reply);
            if (request instanceof WorkerRequest.Close) {
                return;
            }
        }
    }

    private void serve(WorkerRequest.Serve serve) throws IOException, InterruptedException {
        Generator generator;
        try {
            generator = engine.generator(serve.model(), serve.mode());
        } catch (RuntimeException e) {
            frames.write(WorkerReply.class, failed(e));
            return;
        }
        try (generator) {
            frames.write(WorkerReply.class, new WorkerReply.Done());
            new BatchServer(generator, serve.limits(), frames, requests).run();
        }
        frames.write(WorkerReply.class, new WorkerReply.Done());
    }

    private WorkerReply answer(WorkerRequest request) {
        try {
            return carryOut(request);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private WorkerReply carryOut(WorkerRequest request) {
        return switch (request) {
            case WorkerRequest.OpenTrainer open -> {
                trainer = engine.trainer(open.spec());
                yield new WorkerReply.Done();
            }
            case WorkerRequest.OpenSampler open -> keep(engine.sampler(open.model(), open.mode()));
            case WorkerRequest.Forward forward ->
                new WorkerReply.Forwarded(trainer().forward(forward.data()));
            case WorkerRequest.ForwardBackward backward ->
                new WorkerReply.BackwardDone(trainer().forwardBackward(backward.data(), backward.loss()));
            case WorkerRequest.CompareSharing compare ->
                new WorkerReply.SharingCompared(trainer().sharing(compare.data()));
            case WorkerRequest.OptimStep step ->
                new WorkerReply.Stepped(trainer().optimStep(step.params()));
            case WorkerRequest.TakeSnapshot take -> keep(trainer().snapshot(take.mode()));
            case WorkerRequest.Generate generate -> generate(generate);
            case WorkerRequest.MeasureDecoding measure ->
                new WorkerReply.DecodingMeasured(snapshot(measure.snapshot()).decodeTime());
            case WorkerRequest.CloseSnapshot close -> {
                snapshot(close.snapshot()).close();
                snapshots.remove(close.snapshot());
                yield new WorkerReply.Done();
            }
            case WorkerRequest.Save save -> new WorkerReply.Saved(trainer().save(save.folder()));
            case WorkerRequest.Load load -> {
                trainer().load(load.checkpoint());
                yield new WorkerReply.Done();
            }
            case WorkerRequest.Export export -> {
                trainer().export(export.folder());
                yield new WorkerReply.Done();
            }
            case WorkerRequest.MeasureCeiling measure ->
                new WorkerReply.CeilingMeasured(engine.ceiling(measure.shape()));
            case WorkerRequest.Serve serve -> throw outOfPlace(serve);
            case WorkerRequest.Submit submit -> throw outOfPlace(submit);
            case WorkerRequest.Cancel cancel -> throw outOfPlace(cancel);
            case WorkerRequest.Close close -> {
                snapshots.values().forEach(Snapshot::close);
                if (trainer != null) {
                    trainer.close();
                }
                yield new WorkerReply.Done();
            }
        };
    }

    static IllegalStateException outOfPlace(WorkerRequest request) {
        return new IllegalStateException("[%s] came where the protocol has no place for it"
                .formatted(request.getClass().getSimpleName()));
    }

    private WorkerReply keep(Snapshot snapshot) {
        long id = nextSnapshot++;
        snapshots.put(id, snapshot);
        return new WorkerReply.SnapshotTaken(id, snapshot.version());
    }

    private WorkerReply generate(WorkerRequest.Generate generate) {
        Snapshot snapshot = snapshot(generate.snapshot());
        if (!generate.stream()) {
            return new WorkerReply.Generated(snapshot.sample(generate.requests()));
        }
        SampleListener listener = (request, index, token) -> {
            try {
                frames.write(WorkerReply.class, new WorkerReply.Token(request, index, token));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        return new WorkerReply.Generated(snapshot.sample(generate.requests(), listener));
    }

    private TrainingClient trainer() {
        if (trainer == null) {
            throw new IllegalStateException("No model was opened for training");
        }
        return trainer;
    }

    private Snapshot snapshot(long id) {
        Snapshot snapshot = snapshots.get(id);
        if (snapshot == null) {
            throw new IllegalArgumentException("There is no snapshot [" + id + "]: it was closed, or never taken");
        }
        return snapshot;
    }

    static WorkerReply.Failed failed(RuntimeException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (message.contains("can't allocate memory") || message.contains("bad_alloc")) {
            return new WorkerReply.Failed(
                    Reason.OUT_OF_MEMORY,
                    "The worker ran out of memory. Try --checkpointing, also with --resume, or a new run with a smaller --micro-batch-tokens ("
                            + message.lines().findFirst().orElse("") + ")");
        }
        return switch (e) {
            case UncheckedIOException io -> new WorkerReply.Failed(Reason.FILE, message);
            case ModelFileException file ->
                new WorkerReply.Failed(
                        file.getCause() instanceof IOException ? Reason.FILE : Reason.BAD_INPUT, message);
            case IllegalArgumentException bad -> new WorkerReply.Failed(Reason.BAD_INPUT, message);
            case ArithmeticException noNumbers -> new WorkerReply.Failed(Reason.BAD_INPUT, message);
            default -> {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                yield new WorkerReply.Failed(Reason.FAULT, "A fault in the worker: " + trace);
            }
        };
    }
}
