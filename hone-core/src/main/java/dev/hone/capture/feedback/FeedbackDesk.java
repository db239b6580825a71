package dev.hone.capture.feedback;

import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.fetch.Hashes;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.store.Feedbacks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes feedback: what a request says is checked, and written to the journal as one record, or refused as a whole. What it is about
 * is looked for in the database and in what the journal has beyond it; where neither can say, it is taken, and checked when it is
 * stored.
 */
public final class FeedbackDesk implements AutoCloseable {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");
    private static final int STRIPES = 64;

    private final Journal journal;
    private final Undrained undrained;
    private final Supplier<Optional<Feedbacks>> store;
    private final Supplier<Judging> judging;
    private final BooleanSupplier strict;
    private final InstantSource clock;
    private final PatientLook look = new PatientLook(System::nanoTime);
    private final List<Lock> stripes =
            Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

    /**
     * @param journal closed by the caller, after this
     * @param drained before which everything of the journal is in the database
     * @param store empty as long as the database has never answered
     * @param judging as the charters say now
     * @param strict whether an answer waits until the journal survives a power failure
     */
    public FeedbackDesk(
            Journal journal,
            Supplier<Position> drained,
            Supplier<Optional<Feedbacks>> store,
            Supplier<Judging> judging,
            BooleanSupplier strict,
            InstantSource clock) {
        this.journal = journal;
        this.undrained = new Undrained(journal, drained);
        this.store = store;
        this.judging = judging;
        this.strict = strict;
        this.clock = clock;
    }

    /**
     * Who says something.
     *
     * @param project that it may speak of
     * @param key null where none was asked for
     * @param useCases that it may speak of; none for all of the project
     */
    public record Caller(String project, @Nullable UUID key, Set<String> useCases) {
        /** Of all use cases of a project. */
        public Caller(String project, @Nullable UUID key) {
            this(project, key, Set.of());
        }

        private boolean maySpeakOf(@Nullable String useCase) {
            return useCases.isEmpty() || useCase != null && useCases.contains(useCase);
        }
    }

    /**
     * What was taken.
     *
     * @param id as the caller calls it, or as Hone does
     * @param trace null where it is about an episode
     * @param episode null where it is about a trace
     * @param checked whether what it is about is known; where not, it is looked for when it is stored
     */
    public record Taken(
            String id, @Nullable UUID trace, @Nullable String episode, boolean checked) {}

    /**
     * Takes a request's body: an object, or a list.
     *
     * @return in its order; after that they survive the process
     * @throws FeedbackRefusal when something of it is not taken: then nothing is
     * @throws IOException when it could not be written
     */
    public List<Taken> take(Caller caller, byte[] body) throws IOException, InterruptedException {
        if (!journal.hasRoom()) {
            throw new FeedbackRefusal(
                    503, "journal_full", null, "The disk of the journal is full: no feedback can be recorded");
        }
        List<Given> given = FeedbackParser.read(body, clock.instant());
        List<Lock> held = stripes(caller, given);
        held.forEach(Lock::lock);
        try {
            return decide(caller, given);
        } finally {
            held.forEach(Lock::unlock);
        }
    }

    /** Who says the same at once waits here; always in the same order. */
    private List<Lock> stripes(Caller caller, List<Given> given) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (Given one : given) {
            if (one.callerId() != null) {
                numbers.add(Math.floorMod(Objects.hash(caller.project(), one.callerId()), STRIPES));
            }
        }
        return numbers.stream().map(stripes::get).toList();
    }

    private List<Taken> decide(Caller caller, List<Given> given) throws IOException, InterruptedException {
        Found found = find(caller.project(), given);
        Map<String, String> fingerprints = new HashMap<>(found.fingerprints());
        List<Taken> taken = new ArrayList<>();
        List<Feedback> fresh = new ArrayList<>();
        for (Given one : given) {
            Feedback feedback = feedback(caller, one, found);
            String name = one.callerId();
            if (name != null) {
                String known = fingerprints.get(name);
                if (known != null && !known.equals(feedback.fingerprint())) {
                    throw one.refused(
                            409,
                            "id_conflict",
                            "id",
                            "[id] is [%s], under which something else was said before: give another".formatted(name));
                }
                fingerprints.put(name, feedback.fingerprint());
                if (known != null) {
                    taken.add(taken(feedback));
                    continue;
                }
            }
            fresh.add(feedback);
            taken.add(taken(feedback));
        }
        if (!fresh.isEmpty()) {
            Position end = journal.append(FeedbackCodec.encode(fresh));
            if (strict.getAsBoolean()) {
                journal.force(end);
            }
        }
        return taken;
    }

    /**
     * What is there, in the journal or in the database.
     *
     * @param sure whether nothing else is
     */
    private record Found(
            Map<UUID, Feedbacks.Target> traces,
            Set<Feedbacks.Episode> episodes,
            Map<String, String> fingerprints,
            boolean sure) {}

    private Found find(String project, List<Given> given) throws IOException, InterruptedException {
        List<UUID> traces = distinct(given, Given::trace);
        List<Feedbacks.Episode> episodes = distinct(given, FeedbackDesk::episode);
        List<String> callerIds = distinct(given, Given::callerId);
        Undrained.Known known = undrained.look(project, traces, episodes, callerIds);
        Optional<Feedbacks> database = store.get();
        Optional<Feedbacks.Found> stored = database.isEmpty()
                ? Optional.empty()
                : look.ask(() -> database.get().find(project, traces, episodes, callerIds));
        Found found = new Found(
                new HashMap<>(known.found().traces()),
                new HashSet<>(known.found().episodes()),
                new HashMap<>(known.found().fingerprints()),
                known.complete() && stored.isPresent());
        stored.ifPresent(there -> {
            found.traces().putAll(there.traces());
            found.episodes().addAll(there.episodes());
            found.fingerprints().putAll(there.fingerprints());
        });
        return found;
    }

    private static <T> List<T> distinct(List<Given> given, Function<Given, @Nullable T> part) {
        List<T> parts = new ArrayList<>();
        for (Given one : given) {
            T found = part.apply(one);
            if (found != null && !parts.contains(found)) {
                parts.add(found);
            }
        }
        return parts;
    }

    private static Taken taken(Feedback feedback) {
        return new Taken(
                feedback.callerId() == null ? feedback.id().toString() : feedback.callerId(),
                feedback.trace(),
                feedback.episode(),
                feedback.checked());
    }

    private static Feedbacks.@Nullable Episode episode(Given given) {
        return given.episode() == null || given.useCase() == null
                ? null
                : new Feedbacks.Episode(given.useCase(), given.episode());
    }

    private Feedback feedback(Caller caller, Given given, Found found) {
        Feedbacks.Target target = target(given, found);
        Judging judges = judging.get();
        String useCase = target == null ? given.useCase() : target.useCase();
        boolean known = target != null || given.useCase() != null;
        if (known && !caller.maySpeakOf(useCase)) {
            throw given.refused(
                    403,
                    "use_case_not_allowed",
                    given.useCase() == null ? "trace" : "use_case",
                    "This key is for %s: make one by hone keys add NAME --scope feedback --use-case NAME"
                            .formatted(caller.useCases().stream().sorted().toList()));
        }
        if (known) {
            judges.rules(caller.project(), useCase)
                    .objection(given.kind(), given.name(), given.score())
                    .ifPresent(objection -> {
                        throw given.refused(400, objection.code(), objection.field(), objection.message());
                    });
        }
        ObjectNode kept = (ObjectNode)
                (known
                        ? judges.redacted(useCase, said(given), new Pseudonyms())
                        : judges.redactedByAll(said(given), new Pseudonyms()));
        if (given.score() != null && !kept.path("value").equals(given.value())) {
            throw given.refused(
                    400,
                    "not_stored",
                    "value",
                    "[value] looks like what this use case does not store: see its redaction");
        }
        Instant now = clock.instant();
        JsonNode author = kept.path("author");
        return new Feedback(
                Ids.next(),
                caller.project(),
                given.trace(),
                given.useCase(),
                given.episode(),
                given.kind(),
                given.name(),
                kept.path("value").toString(),
                given.score(),
                author.isString() ? author.stringValue() : null,
                given.at() == null ? now : given.at(),
                now,
                given.callerId(),
                fingerprint(given, kept),
                caller.key(),
                target != null,
                judges.configuration());
    }

    /** What people said, and may not be stored as they said it. */
    private static JsonNode said(Given given) {
        ObjectNode said = JsonMapper.shared().createObjectNode();
        said.set("value", given.value());
        if (given.author() != null) {
            said.put("author", given.author());
        }
        return said;
    }

    private static String fingerprint(Given given, JsonNode kept) {
        ObjectNode content = JsonMapper.shared().createObjectNode();
        content.put("trace", String.valueOf(given.trace()))
                .put("useCase", given.useCase())
                .put("episode", given.episode())
                .put("kind", given.kind().word())
                .put("name", given.name())
                .put("at", String.valueOf(given.at()))
                .set("kept", kept);
        return Hashes.sha256(content.toString());
    }

    /** Null where nobody can say whether it is there. */
    private Feedbacks.@Nullable Target target(Given given, Found found) {
        UUID trace = given.trace();
        if (trace != null) {
            Feedbacks.Target target = found.traces().get(trace);
            if (target == null && (found.sure() || !isPlausible(trace))) {
                throw given.refused(
                        404,
                        "trace_not_found",
                        "trace",
                        "There is no trace [%s] in this key's project: give what x-hone-trace said".formatted(trace));
            }
            return target;
        }
        Feedbacks.Episode episode = Objects.requireNonNull(episode(given), "a trace or an episode");
        if (found.episodes().contains(episode)) {
            return new Feedbacks.Target(episode.useCase(), episode.name());
        }
        if (found.sure()) {
            throw given.refused(
                    404,
                    "episode_not_found",
                    "episode",
                    "There is no episode [%s] of [%s] in this key's project: give what was sent as x-hone-episode"
                            .formatted(episode.name(), episode.useCase()));
        }
        return null;
    }

    /** Hone's identifiers have version 7 and begin with the time at which they were made. */
    private boolean isPlausible(UUID trace) {
        Instant made = Ids.time(trace);
        return trace.version() == 7
                && trace.variant() == 2
                && made.isAfter(EARLIEST)
                && made.isBefore(clock.instant().plus(AHEAD));
    }

    @Override
    public void close() {
        look.close();
    }
}
