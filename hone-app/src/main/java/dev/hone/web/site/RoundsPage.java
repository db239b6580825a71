package dev.hone.web.site;

import dev.hone.charter.Charter;
import dev.hone.loop.NotBegun;
import dev.hone.loop.RoundStep;
import dev.hone.record.ModelVersion;
import dev.hone.record.Role;
import dev.hone.record.UseCaseName;
import dev.hone.store.Database;
import dev.hone.store.EvaluationList;
import dev.hone.store.Loops;
import dev.hone.store.Loops.Outcome;
import dev.hone.store.Loops.Round;
import dev.hone.store.Loops.Step;
import dev.hone.store.ModelVersions;
import dev.hone.store.UseCases;
import dev.hone.watch.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rounds of the loop: why each was begun, how far it came, and what came of it. */
public final class RoundsPage {
    private static final String PATH = "/rounds";
    private static final int ROWS = 100;

    private final Views views;
    private final @Nullable Path home;
    private final Supplier<List<Charter>> charters;
    private final UseCases useCases;
    private final Loops loops;
    private final ModelVersions versions;
    private final EvaluationList evaluations;

    /**
     * @param home where a running gateway says why it begins none; null where nothing is said
     * @param charters throws {@link IllegalArgumentException} where they cannot be read
     */
    RoundsPage(Views views, Database database, @Nullable Path home, Supplier<List<Charter>> charters) {
        this.views = views;
        this.home = home;
        this.charters = charters;
        this.useCases = new UseCases(database);
        this.loops = new Loops(database);
        this.versions = new ModelVersions(database);
        this.evaluations = new EvaluationList(database);
    }

    /**
     * The newest first.
     *
     * @param useCase whose alone; null for all of the project
     * @param waiting use cases of which none begins, with the reason
     */
    public record Page(Shell shell, @Nullable String useCase, List<Round> rows, List<Waiting> waiting) {
        public Page {
            rows = List.copyOf(rows);
            waiting = List.copyOf(waiting);
        }

        /** As people read it. */
        public String result(Round row) {
            return RoundsPage.result(row);
        }

        /** How it is marked: good, bad, or not at all. */
        public String mark(Round row) {
            return RoundsPage.mark(row);
        }
    }

    /** @param since in UTC */
    public record Waiting(String useCase, String since, String reason) {}

    /**
     * A step, in the order in which they are done.
     *
     * @param done null where it is not done
     * @param words what it came to; empty where that is not known
     */
    public record Line(RoundStep step, @Nullable Step done, List<String> words) {
        public Line {
            words = List.copyOf(words);
        }
    }

    /** Somewhere else that has to do with it. @param path below the project */
    public record Link(String path, String words) {}

    /** One of them. */
    public record One(Shell shell, Round round, List<Line> lines, List<Link> links) {
        public One {
            lines = List.copyOf(lines);
            links = List.copyOf(links);
        }

        public String result() {
            return RoundsPage.result(round);
        }

        public String mark() {
            return RoundsPage.mark(round);
        }

        public String seconds(double seconds) {
            return Figures.millis(1_000 * seconds);
        }
    }

    private static String result(Round round) {
        Outcome outcome = round.outcome();
        return outcome == null
                ? "goes on"
                : switch (outcome) {
                    case ROLLOUT -> "passed, rollout asked for";
                    case PASSED -> "passed";
                    case NOT_PASSED -> "not passed";
                    case ABANDONED -> "given up";
                };
    }

    private static String mark(Round round) {
        Outcome outcome = round.outcome();
        return outcome == null
                ? ""
                : switch (outcome) {
                    case ROLLOUT, PASSED -> "good";
                    case NOT_PASSED, ABANDONED -> "bad";
                };
    }

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, ask -> list(ask, null)),
                Route.of(Role.VIEWER, "GET", PATH + "/of/{useCase}", ask -> list(ask, useCase(ask))),
                Route.of(Role.VIEWER, "GET", PATH + "/{id}", this::show));
    }

    private String useCase(Ask ask) {
        try {
            String name = UseCaseName.require(ask.part("useCase"));
            if (useCases.names(ask.project()).contains(name)) {
                return name;
            }
        } catch (IllegalArgumentException e) {
            // No use case is called so.
        }
        throw PageRefusal.notFound();
    }

    private Answer list(Ask ask, @Nullable String useCase) {
        String project = ask.membership().projectName();
        List<Round> rows =
                useCase == null ? loops.ofProject(project, ROWS) : loops.list(useCases.require(useCase, project), ROWS);
        return views.page(
                "rounds", new Page(views.shell(ask, "rounds", "Rounds"), useCase, rows, waiting(project, useCase)));
    }

    /** Of use cases whose charters let a gateway begin rounds. */
    private List<Waiting> waiting(String project, @Nullable String useCase) {
        List<Waiting> waiting = new ArrayList<>();
        Path place = home;
        if (place == null) {
            return waiting;
        }
        try {
            for (Charter charter : charters.get()) {
                if (charter.loop().unattended()
                        && Subject.project(charter).equals(project)
                        && (useCase == null || useCase.equals(charter.name()))) {
                    NotBegun.read(place, project, charter.name())
                            .ifPresent(one ->
                                    waiting.add(new Waiting(charter.name(), Figures.time(one.since()), one.reason())));
                }
            }
        } catch (IllegalArgumentException | IOException e) {
            // What cannot be read is told where it is written; the rounds are seen all the same.
        }
        return waiting;
    }

    private Answer show(Ask ask) {
        Round round = loops.find(ask.id("id"))
                .filter(one -> one.project().equals(ask.membership().projectName()))
                .orElseThrow(PageRefusal::notFound);
        List<Step> steps = loops.steps(round.id());
        List<Line> lines = Stream.of(RoundStep.values())
                .map(step -> line(step, done(steps, step)))
                .toList();
        return views.page(
                "round",
                new One(
                        views.shell(ask, "rounds", "Round of " + round.useCase()),
                        round,
                        lines,
                        links(ask.project(), round, steps)));
    }

    private static @Nullable Step done(List<Step> steps, RoundStep which) {
        return steps.stream()
                .filter(step -> step.step().equals(which.word()))
                .findFirst()
                .orElse(null);
    }

    private static JsonNode tree(Step step) {
        return JsonMapper.shared().readTree(step.result());
    }

    private static Line line(RoundStep step, @Nullable Step done) {
        return new Line(step, done, done == null ? List.of() : words(step, tree(done)));
    }

    /** A result of another version of Hone may lack something: that is left out. */
    private static List<String> words(RoundStep step, JsonNode result) {
        return switch (step) {
            case DATASET ->
                List.of(
                        "%s tasks to learn from, of which %s are new; %s to choose by; %s to judge by, of which %s judged earlier rounds, too"
                                .formatted(
                                        count(result, "train"),
                                        count(result, "fresh"),
                                        count(result, "validation"),
                                        count(result, "test"),
                                        count(result, "retained")));
            case TRAINING -> {
                List<String> words = new ArrayList<>();
                for (JsonNode arm : result.path("arms")) {
                    words.add("from %s: %s tasks, %s %% right on what is chosen by"
                            .formatted(
                                    arm.path("from").asString(""), count(arm, "rows"), percent(arm.path("quality"))));
                }
                words.add("what was trained from %s goes on"
                        .formatted(result.path("chosen").asString("")));
                yield words;
            }
            case REGISTRATION -> List.of(result.path("version").asString(""));
            case EVALUATION -> {
                List<String> words = new ArrayList<>();
                for (JsonNode figures : result.path("all")) {
                    JsonNode quality = figures.path("quality");
                    words.add("%s: %s %% right (%s to %s) of %s"
                            .formatted(
                                    figures.path("contender").asString(""),
                                    percent(quality.path("value")),
                                    percent(quality.path("low")),
                                    percent(quality.path("high")),
                                    count(figures, "rows")));
                }
                yield words;
            }
            case GATES -> {
                List<String> words = new ArrayList<>();
                result.path("sentences").forEach(sentence -> words.add(sentence.asString("")));
                yield words;
            }
            case ROLLOUT ->
                List.of(
                        result.path("rollout").asString("").isEmpty()
                                ? "none was asked for"
                                : "asked for; hone serve carries it out");
        };
    }

    private static String count(JsonNode of, String key) {
        return Figures.count(of.path(key).asLong(0));
    }

    private static String percent(JsonNode share) {
        return Figures.number(100 * share.asDouble(Double.NaN), 1);
    }

    private List<Link> links(UUID project, Round round, List<Step> steps) {
        List<Link> links = new ArrayList<>();
        version(project, round, steps).ifPresent(version -> {
            links.add(new Link(VersionsPage.path(version), "The version " + version.reference()));
            links.add(new Link("/runs/" + version.runId(), "The run that made it"));
            for (EvaluationList.Listed evaluation : evaluations.of(project, version.id())) {
                links.add(new Link(
                        "/evals/" + evaluation.id(),
                        "The evaluation that was stored at " + Figures.time(evaluation.created())));
            }
        });
        Step asked = done(steps, RoundStep.ROLLOUT);
        String rollout = asked == null ? "" : tree(asked).path("rollout").asString("");
        if (!rollout.isEmpty()) {
            links.add(new Link("/rollouts/" + rollout, "The rollout"));
        }
        return links;
    }

    /** What it made, where that is still there. */
    private Optional<ModelVersion> version(UUID project, Round round, List<Step> steps) {
        Step registered = done(steps, RoundStep.REGISTRATION);
        Integer number = round.version();
        int known = number != null
                ? number
                : registered == null ? 0 : tree(registered).path("number").asInt(0);
        return known == 0 ? Optional.empty() : versions.find(project, round.useCase(), known);
    }
}
