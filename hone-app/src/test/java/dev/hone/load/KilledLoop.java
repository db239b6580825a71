package dev.hone.load;

import dev.hone.loop.LoopFolder;
import dev.hone.loop.Results;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundStep;
import dev.hone.record.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code hone loop} as processes, one after the other, of which some are killed by {@code kill -9} while they work at a step that was drawn. */
final class KilledLoop {
    /** A step that a process begins; one that an earlier process did is told otherwise. */
    private static final Pattern BEGINS = Pattern.compile("(?m)^Step (\\d) of \\d, (?!.*: done before$).+$");

    /** Of a round, after its last step. */
    static final String END = "end";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path home;
    private final Path logs;
    private final List<ProcessHandle> workers = new ArrayList<>();
    private int processes;

    /** @param logs folder for what processes say */
    KilledLoop(Path home, Path logs) {
        this.home = home;
        this.logs = logs;
    }

    /** When in a step a process is killed. */
    enum At {
        /** At a time that was drawn. */
        DRAWN,
        /** As soon as what the step makes is seen, of which the round does not know before its result is written. */
        MADE,
        /** As soon as its result is seen. */
        WRITTEN
    }

    /**
     * When a process is killed.
     *
     * @param step that this process works at
     * @param within part of what the step takes, undisturbed, where the time is drawn
     * @param gateway whether the gateway is killed at the same time
     */
    record Moment(RoundStep step, At at, double within, boolean gateway) {}

    /**
     * A kill of a process that was at work.
     *
     * @param step that was not done when it died; {@value #END} where all were, and it had not been told
     * @param planned at which moment it was to be
     * @param millis since the process had begun to work at that step
     * @param made whether what the step makes was there
     * @param worker whether it had a worker process, which was left alone
     */
    record Kill(String useCase, String step, Moment planned, long millis, boolean made, boolean worker) {
        @Override
        public String toString() {
            return "%s %s +%d ms (%s %s)%s%s%s"
                    .formatted(
                            useCase,
                            step,
                            millis,
                            planned.at(),
                            planned.step().word(),
                            made ? ", made" : "",
                            worker ? ", with a worker" : "",
                            planned.gateway() ? ", and the gateway" : "");
        }
    }

    /**
     * How a process ended.
     *
     * @param kill of it, while it was at work; empty where it came to the round's end
     * @param exit its exit code
     */
    record Ended(Optional<Kill> kill, int exit) {}

    /** Undisturbed. @return its exit code */
    int run(String useCase, Path charters, String... more) throws IOException, InterruptedException {
        Process process = start(useCase, charters, more);
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end: " + said());
        }
        return process.exitValue();
    }

    /**
     * Runs until a moment, at which it is killed.
     *
     * @param seconds that steps take, undisturbed
     * @param beside what is there beside
     */
    Ended killedAt(Moment planned, String useCase, Path charters, Map<RoundStep, Double> seconds, Beside beside)
            throws IOException, InterruptedException {
        Moment moment = moved(planned, useCase);
        Process process = start(useCase, charters);
        long begun = awaitBegin(process, moment.step());
        long length = (long) (1e9 * moment.within() * seconds.getOrDefault(moment.step(), 0.0));
        switch (moment.at()) {
            case DRAWN -> process.waitFor(begun + length - System.nanoTime(), TimeUnit.NANOSECONDS);
            case MADE -> {
                while (process.isAlive() && !beside.made(useCase, moment.step())) {
                    Thread.onSpinWait();
                }
            }
            case WRITTEN -> {
                while (process.isAlive()
                        && round(useCase).finished(moment.step()).isEmpty()) {
                    Thread.sleep(1);
                }
            }
        }
        if (!process.isAlive()) {
            return new Ended(Optional.empty(), process.exitValue());
        }
        long killed = System.nanoTime();
        List<ProcessHandle> children =
                moment.at() == At.DRAWN ? process.descendants().toList() : List.of();
        process.destroyForcibly();
        if (moment.gateway()) {
            beside.killGateway();
        }
        int exit = process.waitFor();
        workers.addAll(children);
        RoundFolder round = round(useCase);
        if (round.ended().isPresent()) {
            return new Ended(Optional.empty(), exit);
        }
        String step = undone(round);
        boolean made = !step.equals(END) && beside.made(useCase, step(step));
        long millis = (killed - begun) / 1_000_000;
        return new Ended(Optional.of(new Kill(useCase, step, moment, millis, made, !children.isEmpty())), exit);
    }

    /** A drawn moment of a step that is done is one of the step that is next. */
    private Moment moved(Moment moment, String useCase) throws IOException {
        if (moment.at() != At.DRAWN || !isDone(useCase, moment.step())) {
            return moment;
        }
        String next = undone(round(useCase));
        RoundStep step = next.equals(END) ? moment.step() : step(next);
        return new Moment(step, At.DRAWN, moment.within(), moment.gateway());
    }

    /** Whether a step of the second round is done. */
    boolean isDone(String useCase, RoundStep step) throws IOException {
        return folder(useCase).rounds().size() == 2
                && round(useCase).finished(step).isPresent();
    }

    private static RoundStep step(String word) {
        return RoundStep.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private LoopFolder folder(String useCase) {
        return LoopFolder.of(home, Project.DEFAULT, useCase);
    }

    /** What is there beside a loop. */
    interface Beside {
        /** Whether the store has what a step of the round makes. */
        boolean made(String useCase, RoundStep step);

        void killGateway() throws InterruptedException;
    }

    /** The round that was begun last. */
    RoundFolder round(String useCase) throws IOException {
        return folder(useCase).rounds().getLast();
    }

    /** What each step of that took. */
    Map<RoundStep, Double> seconds(String useCase) throws IOException {
        Map<RoundStep, Double> seconds = new EnumMap<>(RoundStep.class);
        for (RoundStep step : RoundStep.values()) {
            Optional<? extends RoundFolder.Finished<?>> finished =
                    round(useCase).finished(step);
            if (finished.isPresent()) {
                seconds.put(step, finished.get().seconds());
            }
        }
        return seconds;
    }

    private static String undone(RoundFolder round) throws IOException {
        boolean passed = round.finished(RoundStep.GATES, Results.Judged.class)
                .map(judged -> judged.result().passed())
                .orElse(true);
        for (RoundStep step : RoundStep.values()) {
            if (round.finished(step).isEmpty() && (passed || step != RoundStep.ROLLOUT)) {
                return step.word();
            }
        }
        return END;
    }

    /** Waits until the process works at a step, or a later one, or has ended. @return when it was seen, in nanoseconds of this machine's clock */
    private long awaitBegin(Process process, RoundStep step) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && latest(said()) < step.ordinal()) {
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                throw new AssertionError("it does not come to [%s]: %s".formatted(step, said()));
            }
            Thread.sleep(2);
        }
        return System.nanoTime();
    }

    /** The number of the last step that a process has begun; -1 where it has begun none. */
    private static int latest(String said) {
        int latest = -1;
        Matcher matcher = BEGINS.matcher(said);
        while (matcher.find()) {
            latest = Integer.parseInt(matcher.group(1)) - 1;
        }
        return latest;
    }

    private Process start(String useCase, Path charters, String... more) throws IOException {
        processes++;
        Files.createDirectories(logs);
        List<String> arguments = new ArrayList<>(
                List.of("loop", useCase, "--use-cases", charters.toString(), "--precision", "fp32", "--json"));
        arguments.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(Launcher.command(List.of(), arguments.toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().put("HONE_HOME", home.toString());
        builder.environment().remove("HONE_DB_URL");
        return builder.start();
    }

    private Path log() {
        return logs.resolve("%03d.log".formatted(processes));
    }

    /** What the last process has said so far. */
    String said() throws IOException {
        return Files.readString(log(), StandardCharsets.ISO_8859_1);
    }

    /** Workers of those who were killed that are still there: they end by themselves, and do nothing more before that. */
    List<ProcessHandle> left() {
        return workers.stream().filter(ProcessHandle::isAlive).toList();
    }
}
