package dev.hone.run;

import dev.hone.advise.AdviceReport;
import dev.hone.advise.CallReader;
import dev.hone.advise.LiveModel;
import dev.hone.advise.Prices;
import dev.hone.advise.RightAnswers;
import dev.hone.advise.SampledCall;
import dev.hone.advise.UseCaseFinder;
import dev.hone.advise.WordTopics;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.model.MiniLm;
import dev.hone.record.AuditEntry;
import dev.hone.record.CapturedCall;
import dev.hone.record.Embedder;
import dev.hone.record.Feedback;
import dev.hone.record.Project;
import dev.hone.record.StoredTrace;
import dev.hone.record.VersionReference;
import dev.hone.store.AdviceList;
import dev.hone.store.Aliases;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import dev.hone.store.Rollouts;
import dev.hone.store.TraceSample;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Advice on a project's use cases: draws traces, finds use cases in them, and keeps what is to be said of each. That somebody does stands in
 * the audit log before anything is read.
 */
public final class Advising {
    private static final long SEED = 7;
    private static final int EXAMPLE = 200;
    private static final int TEMPLATE = 400;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final TraceSample sample;
    private final Projects projects;
    private final StoredEvaluations evaluations;
    private final Aliases aliases;
    private final AdviceList kept;
    private final AuditLog audit;

    public Advising(Database database) {
        this.sample = new TraceSample(database);
        this.projects = new Projects(database);
        this.evaluations = new StoredEvaluations(database);
        this.aliases = new Aliases(database);
        this.kept = new AdviceList(database);
        this.audit = new AuditLog(database);
    }

    /** What tells texts apart. */
    public enum Embedding {
        /** The model of meaning, or words where it cannot be loaded. */
        AUTO,
        MEANING,
        WORDS
    }

    /**
     * What is asked for.
     *
     * @param most traces that are looked at
     * @param price of a call where nothing else says it; null for none
     * @param rules which feedback is good, by use case
     */
    public record Options(
            String project,
            int days,
            int minCalls,
            int most,
            Prices prices,
            @Nullable BigDecimal price,
            Embedding embedding,
            Map<String, FeedbackRules> rules) {
        public Options {
            require("--days", days, 1, 3_650);
            require("--min-calls", minCalls, 2, 1_000_000);
            require("--sample", most, 100, 20_000);
            rules = Map.copyOf(rules);
        }

        private static void require(String option, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException("%s is [%d]: give %,d to %,d".formatted(option, value, least, most));
            }
        }
    }

    /** Hears how far the work is. */
    public interface Listener {
        void read(long done, long total);

        void embedded(long done, long total);
    }

    /**
     * What was found.
     *
     * @param shown of each use case of the report what its calls say
     */
    public record Result(AdviceReport report, List<Shown> shown) {}

    /** Texts of a use case's calls, for who may read them. */
    public record Shown(String useCase, String template, List<String> examples) {}

    /**
     * Does it.
     *
     * @param who for the audit log
     * @throws IllegalArgumentException when there is no such project
     */
    public Result run(Options options, String who, Instant now, Listener listener) throws IOException {
        UUID project = projects.find(options.project())
                .orElseThrow(() -> new IllegalArgumentException("There is no project [%s], but %s"
                        .formatted(
                                options.project(),
                                projects.all().stream().map(Project::name).toList())));
        Seen seen = new Seen(
                options,
                listener,
                (whole, drawn) -> audit.add(AuditEntry.now(
                        who,
                        project,
                        "advice.make",
                        options.project(),
                        Map.of("traces", Long.toString(whole), "read", Long.toString(drawn)))));
        sample.draw(
                options.project(),
                now.minus(Duration.ofDays(options.days())),
                now.plus(Duration.ofMinutes(1)),
                options.most(),
                SEED,
                seen);
        Embedding used = options.embedding();
        MiniLm meaning = null;
        if (used != Embedding.WORDS) {
            meaning = meaning(used);
        }
        Function<List<String>, Embedder> embedder = embedder(meaning);
        UseCaseFinder.Result found =
                new UseCaseFinder(options.minCalls(), SEED, listener::embedded).find(seen.calls, embedder);
        AdviceReport report = AdviceReport.of(
                found,
                new AdviceReport.Facts(
                        options.project(),
                        now,
                        options.days(),
                        seen.observed(now),
                        seen.whole,
                        seen.calls.size(),
                        meaning == null ? "words (latent semantic analysis of TF-IDF)" : "all-MiniLM-L6-v2, int8",
                        rightAnswers(options.project()),
                        evaluations.verdicts(project),
                        evaluations.measured(project, options.prices()),
                        live(project),
                        options.price()),
                options.prices());
        kept.add(project, JSON.writeValueAsString(report));
        return new Result(report, shown(report, found));
    }

    private Map<String, RightAnswers> rightAnswers(String project) {
        Map<String, RightAnswers> rightAnswers = new HashMap<>();
        sample.demonstrations(project)
                .forEach((useCase, there) ->
                        rightAnswers.put(useCase, new RightAnswers(there.byExperts(), there.cameWith())));
        return rightAnswers;
    }

    private Map<String, LiveModel.Pointed> live(UUID project) {
        Map<String, LiveModel.Pointed> live = new HashMap<>();
        for (Aliases.Pointed pointed : aliases.pointed(project, Rollouts.LIVE)) {
            live.put(
                    pointed.useCase(),
                    new LiveModel.Pointed(
                            new VersionReference.Numbered(pointed.useCase(), pointed.number()).text(),
                            pointed.since()));
        }
        return live;
    }

    private static Function<List<String>, Embedder> embedder(@Nullable MiniLm meaning) {
        return meaning == null ? WordTopics::new : texts -> meaning;
    }

    /** Null where it cannot be loaded, and need not be. */
    private static @Nullable MiniLm meaning(Embedding asked) {
        try {
            return new MiniLm();
        } catch (RuntimeException | LinkageError e) {
            if (asked == Embedding.MEANING) {
                throw new IllegalStateException("The model of meaning cannot be loaded: use --embedding words", e);
            }
            return null;
        }
    }

    /** How the source of what somebody gave as an option begins. */
    public static final String GIVEN = "--";

    private static List<Shown> shown(AdviceReport report, UseCaseFinder.Result found) {
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < report.useCases().size(); i++) {
            UseCaseFinder.Found one = found.useCases().get(i);
            List<UUID> examples = report.useCases().get(i).examples();
            shown.add(new Shown(
                    report.useCases().get(i).name(),
                    cut(one.template(), TEMPLATE),
                    one.calls().stream()
                            .filter(call -> examples.contains(call.id()))
                            .map(call -> cut(call.said().user(), EXAMPLE))
                            .toList()));
        }
        return shown;
    }

    private static String cut(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }

    /** What was drawn, as far as advice needs it. */
    private static final class Seen implements TraceSample.Taker {
        private final Options options;
        private final Listener listener;
        private final Begun begun;
        private final List<SampledCall> calls = new ArrayList<>();
        private long whole;
        private int drawn;
        private @Nullable Instant first;

        /** Hears how many there are. */
        interface Begun {
            void begun(long whole, long drawn);
        }

        private Seen(Options options, Listener listener, Begun begun) {
            this.options = options;
            this.listener = listener;
            this.begun = begun;
        }

        @Override
        public void begin(long there, int taken) {
            whole = there;
            drawn = taken;
            begun.begun(there, taken);
            listener.read(0, taken);
        }

        @Override
        public void take(StoredTrace trace) {
            calls.add(seen(trace));
            Instant at = trace.call() == null || trace.occurred() == null ? trace.recorded() : trace.occurred();
            first = first == null || at.isBefore(first) ? at : first;
            listener.read(calls.size(), drawn);
        }

        /** Days from the first call that was seen until now; what is younger than a day counts as one. */
        private double observed(Instant now) {
            double days = first == null
                    ? options.days()
                    : Duration.between(first, now).toMinutes() / 1_440.0;
            return Math.clamp(days, 1, options.days());
        }

        private SampledCall seen(StoredTrace trace) {
            StoredTrace.Call call = trace.call();
            boolean failed = call != null && call.ended() != CapturedCall.End.ANSWERED;
            String model = call == null
                    ? null
                    : trace.attempts().isEmpty()
                            ? call.model()
                            : trace.attempts().getLast().model();
            return new SampledCall(
                    trace.id(),
                    trace.useCase(),
                    trace.request() == null
                            ? SampledCall.Said.NOTHING
                            : CallReader.read(trace.request(), failed ? null : answer(trace)),
                    new SampledCall.Figures(
                            model,
                            own(trace.attempts()),
                            call == null,
                            failed,
                            call == null ? null : call.usage().prompt(),
                            call == null ? null : call.usage().completion(),
                            call == null ? null : call.cost(),
                            call == null ? null : call.millis()),
                    signal(trace));
        }

        /**
         * The version or model of one's own that answered, or was asked last: it is called like its server, as nobody else's version can be, and costs
         * nothing, as what is called otherwise (docs/gateway.md).
         */
        private static @Nullable String own(List<CapturedCall.Attempt> attempts) {
            if (attempts.isEmpty()) {
                return null;
            }
            CapturedCall.Attempt last = attempts.getLast();
            boolean free = last.cost() != null && last.cost().signum() == 0;
            boolean version = VersionReference.NUMBERED.matcher(last.model()).matches();
            return last.upstream().equals(last.model()) && (version || free) ? last.model() : null;
        }

        /** What came back; of a row without it, the right answer. */
        private static @Nullable String answer(StoredTrace trace) {
            String response = trace.response();
            if (response != null && !response.isBlank()) {
                return response;
            }
            return trace.feedback().stream()
                    .filter(said -> said.kind() == Feedback.Kind.DEMONSTRATION)
                    .map(StoredTrace.Said::value)
                    .findFirst()
                    .orElse(null);
        }

        private SampledCall.Signal signal(StoredTrace trace) {
            FeedbackRules rules = trace.useCase() == null
                    ? FeedbackRules.UNDECLARED
                    : options.rules().getOrDefault(trace.useCase(), FeedbackRules.UNDECLARED);
            int given = 0;
            Boolean good = null;
            boolean demonstrated = false;
            boolean cameWith = false;
            boolean outcome = false;
            for (StoredTrace.Said said : trace.feedback()) {
                if (said.kind() == Feedback.Kind.DEMONSTRATION) {
                    demonstrated |= said.occurred() != null;
                    cameWith |= said.occurred() == null;
                }
                outcome |= said.kind() == Feedback.Kind.OUTCOME;
                given += said.kind() == Feedback.Kind.DEMONSTRATION ? 0 : 1;
                Direction better = said.kind() == Feedback.Kind.BOOLEAN ? rules.better(said.name()) : null;
                if (good == null && better != null && said.score() != null) {
                    good = said.score() > 0 == (better == Direction.HIGHER);
                }
            }
            return new SampledCall.Signal(given, good, demonstrated, cameWith && !demonstrated, outcome);
        }
    }
}
