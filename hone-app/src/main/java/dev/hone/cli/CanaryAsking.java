package dev.hone.cli;

import dev.hone.promote.AskedFiles;
import dev.hone.promote.Command;
import dev.hone.promote.Rollout;
import dev.hone.promote.TrafficFile;
import dev.hone.promote.TrafficState;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;
import dev.hone.record.StoredRollout;
import dev.hone.record.UseCaseName;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.LiveSwitches;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.StoreException;
import dev.hone.store.TakingBack;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What somebody asks of the {@code hone serve} of this machine; and where none follows it, of the database. */
final class CanaryAsking {
    private static final int NOT_FOLLOWED = 1;
    private static final int REFUSED = 2;
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** What becomes live is written in the database first. */
    private static final Duration LATER = Duration.ofSeconds(40);

    private final Path home;
    private final @Nullable String project;
    private final String who;
    private final boolean json;

    /** @param project whose use case, in the database; null for the only one that has it */
    CanaryAsking(Path home, @Nullable String project, String who, boolean json) {
        this.home = home;
        this.project = project;
        this.who = who;
        this.json = json;
    }

    /** The object of {@code --json}. */
    record Said(int schemaVersion, String useCase, String command, boolean done, String said) {}

    /** Takes a candidate back, or what is live where none is on its way. @return the exit code */
    int back(String useCase) throws IOException, InterruptedException {
        if (state(useCase).goingOn() != null) {
            return ask(useCase, Command.BACK);
        }
        Optional<String> ended = ended(useCase, Command.BACK);
        if (ended.isPresent()) {
            return say(useCase, Command.BACK, new AskedFiles.Answer(true, ended.get()));
        }
        try (Database database = Store.open()) {
            UUID id = new UseCases(database).require(useCase, project);
            int number = new TakingBack(database).goBack(id, who);
            boolean refused = new GateVerdicts(database)
                    .last(new ModelVersions(database).of(id, number).id())
                    .filter(verdict -> !verdict.passed())
                    .isPresent();
            return say(
                    useCase,
                    Command.BACK,
                    new AskedFiles.Answer(
                            true,
                            "[%s/%d] is live again%s; hone serve follows"
                                    .formatted(
                                            useCase,
                                            number,
                                            refused
                                                    ? ", as it was before, though gates have not let it pass since"
                                                    : "")));
        }
    }

    /** What cannot be read any more is no reason not to pull the switch. */
    private TrafficState state(String useCase) {
        try {
            return new TrafficFile(home).read(useCase);
        } catch (IOException e) {
            System.err.println("hone: " + e.getMessage());
            return new TrafficState(useCase, null, null, true, List.of());
        }
    }

    /** @return the exit code */
    int ask(String useCase, Command command) throws IOException, InterruptedException {
        UseCaseName.require(useCase);
        AskedFiles files = new AskedFiles(home);
        TrafficState state = state(useCase);
        Rollout known = state.goingOn();
        boolean ofLive = command == Command.RESUME && state.halted();
        UUID id = files.ask(useCase, command, who, known == null || ofLive ? null : known.id());
        long until = System.nanoTime() + (command == Command.PROMOTE ? LATER : SOON).toNanos();
        Optional<AskedFiles.Answer> answer = Optional.empty();
        while (answer.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(BETWEEN);
            answer = files.answer(id);
        }
        if (answer.isPresent() && answer.get().followed()) {
            return say(useCase, command, answer.get());
        }
        Optional<String> ended = ended(useCase, command);
        if (ended.isPresent()) {
            if (known == null && command != Command.STOP_ALL) {
                files.withdraw(id);
            }
            return say(useCase, command, new AskedFiles.Answer(true, ended.get()));
        }
        if (answer.isPresent()) {
            return say(useCase, command, answer.get());
        }
        boolean takesAway = command == Command.HOLD || command == Command.BACK || command == Command.STOP;
        boolean safe = command == Command.STOP_ALL || takesAway && known != null;
        if (!safe) {
            files.withdraw(id);
        }
        String said = "no hone serve follows what is asked in [%s] (HONE_HOME): %s"
                .formatted(
                        home,
                        safe
                                ? "it stays asked, and is carried out as soon as one does"
                                : "run this where it runs; nothing is asked any more");
        if (json) {
            Json.print(new Said(1, useCase, command.word(), false, said));
        }
        System.err.println("hone: " + said);
        return NOT_FOLLOWED;
    }

    /** Ends in the database what no gateway here follows; gateways elsewhere follow. @return what was ended; empty for nothing */
    private Optional<String> ended(String useCase, Command command) {
        if (command != Command.STOP && command != Command.BACK && command != Command.STOP_ALL) {
            return Optional.empty();
        }
        List<String> done = new ArrayList<>();
        try (Database database = Store.open()) {
            UUID id = new UseCases(database).require(useCase, project);
            Optional<StoredRollout> ended = new TakingBack(database)
                    .end(
                            id,
                            command == Command.BACK ? "rolled-back" : "stopped",
                            command == Command.BACK ? "back" : "stop",
                            who);
            ended.ifPresent(rollout ->
                    done.add("[%s], which was [%s], is ended".formatted(rollout.reference(), rollout.phase())));
            boolean live = new Rollouts(database).isLive(id);
            if (command == Command.STOP_ALL && live) {
                new LiveSwitches(database)
                        .add(
                                id,
                                new LiveSwitch(
                                        Ids.next(), true, who, Instant.now().truncatedTo(ChronoUnit.MICROS)));
                done.add("the live version has no calls until somebody says resume");
            }
        } catch (StoreException | IllegalArgumentException e) {
            return Optional.empty();
        }
        return done.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", and ", done)
                        + " in the database; no hone serve follows it in [%s], and those elsewhere follow"
                                .formatted(home));
    }

    private int say(String useCase, Command command, AskedFiles.Answer answer) {
        if (json) {
            Json.print(new Said(1, useCase, command.word(), answer.done(), answer.said()));
        } else if (answer.done()) {
            System.out.printf("%s: %s%n", useCase, answer.said());
        }
        if (!answer.done()) {
            System.err.printf("hone: %s: %s%n", useCase, answer.said());
        }
        return answer.done() ? 0 : REFUSED;
    }
}
