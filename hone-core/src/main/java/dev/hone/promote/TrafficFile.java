package dev.hone.promote;

import dev.hone.file.Durable;
import dev.hone.record.LiveSwitch;
import dev.hone.record.RolloutDecision;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link TrafficState} in {@code rollouts/USE_CASE.json} of Hone's home: there whole or as it was before, whenever the process dies. */
public final class TrafficFile {
    /** The folder in Hone's home. */
    public static final String FOLDER = "rollouts";

    private static final int SCHEMA = 1;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;

    /** @param home where Hone keeps things */
    public TrafficFile(Path home) {
        this.folder = home.resolve(FOLDER);
    }

    private Path file(String useCase) {
        return folder.resolve(useCase + ".json");
    }

    /**
     * What it says; nothing where it is not there.
     *
     * @throws IOException when it cannot be read, with how to mend it
     */
    public TrafficState read(String useCase) throws IOException {
        try {
            return state(useCase, JSON.readTree(Files.readAllBytes(file(useCase))));
        } catch (NoSuchFileException e) {
            return TrafficState.none(useCase);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(
                    "[%s] cannot be read: %s; hone serve sets it aside, and the use case's own versions have no calls until hone canary resume %s"
                            .formatted(file(useCase), e.getMessage(), useCase),
                    e);
        }
    }

    /** Puts what cannot be read out of the way, for a person to look at. @return where it is now */
    Path setAside(String useCase, Instant now) throws IOException {
        Path aside = folder.resolve("%s.unreadable-%d".formatted(useCase, now.toEpochMilli()));
        return Files.move(file(useCase), aside, StandardCopyOption.ATOMIC_MOVE);
    }

    void write(TrafficState state) throws IOException {
        Files.createDirectories(folder);
        Durable.write(file(state.useCase()), tree(state).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode tree(TrafficState state) {
        ObjectNode tree = JSON.createObjectNode().put("schemaVersion", SCHEMA).put("useCase", state.useCase());
        put(tree, "live", state.live());
        tree.put("halted", state.halted());
        Rollout rollout = state.rollout();
        if (rollout != null) {
            ObjectNode object = tree.putObject("rollout")
                    .put("id", rollout.id().toString())
                    .put("phase", rollout.phase().word())
                    .put("step", rollout.phase().step())
                    .put("held", rollout.held())
                    .put("since", rollout.since().toString());
            put(object, "candidate", rollout.candidate());
            put(object, "baseline", rollout.baseline());
            object.set("stages", stages(rollout.stages()));
        }
        ArrayNode pending = tree.putArray("pending");
        for (TrafficState.Pending one : state.pending()) {
            RolloutDecision decision = one.decision();
            ObjectNode object = pending.addObject()
                    .put("id", decision.id().toString())
                    .put("rollout", decision.rollout().toString())
                    .put("at", decision.at().toString())
                    .put("phase", decision.phase())
                    .put("step", decision.step())
                    .put("action", decision.action())
                    .put("who", decision.who())
                    .put("reason", decision.reason())
                    .put("evidence", decision.evidence());
            Rollouts.Place place = one.place();
            if (place != null) {
                object.putObject("place")
                        .put("phase", place.phase())
                        .put("step", place.step())
                        .put("held", place.held())
                        .put("since", place.since().toString())
                        .put("stages", place.stages());
            }
            Rollouts.Origin from = one.from();
            if (from != null) {
                object.putObject("from")
                        .put("phase", from.phase())
                        .put("step", from.step())
                        .put("since", from.since().toString());
            }
        }
        switches(tree, state.switches());
        return tree;
    }

    private static void switches(ObjectNode tree, Switches switches) {
        LiveSwitch last = switches.last();
        if (last != null) {
            put(tree.putObject("switched"), last);
        }
        ArrayNode unsaid = tree.putArray("unsaid");
        switches.unsaid().forEach(turn -> put(unsaid.addObject(), turn));
        Switches.Stopped stopped = switches.stopped();
        if (stopped != null) {
            tree.putObject("stopped").put("at", stopped.at().toString()).put("who", stopped.who());
        }
    }

    private static void put(ObjectNode tree, LiveSwitch turn) {
        tree.put("id", turn.id().toString())
                .put("off", turn.off())
                .put("who", turn.who())
                .put("at", turn.at().toString());
    }

    private static Switches switches(JsonNode tree) {
        List<LiveSwitch> unsaid = new ArrayList<>();
        tree.path("unsaid").forEach(one -> unsaid.add(turn(one)));
        JsonNode stopped = tree.path("stopped");
        return new Switches(
                tree.has("switched") ? turn(tree.path("switched")) : null,
                unsaid,
                stopped.isObject()
                        ? new Switches.Stopped(
                                time(stopped, "at"), stopped.path("who").asString())
                        : null);
    }

    private static LiveSwitch turn(JsonNode one) {
        return new LiveSwitch(
                id(one, "id"), one.path("off").asBoolean(), one.path("who").asString(), time(one, "at"));
    }

    private static void put(ObjectNode tree, String name, @Nullable Served version) {
        if (version != null) {
            tree.putObject(name)
                    .put("useCase", version.useCase())
                    .put("version", version.version().toString())
                    .put("number", version.number())
                    .put("artifact", version.artifact());
        }
    }

    /** As the database has them, too. */
    static ArrayNode stages(List<Stage> stages) {
        ArrayNode array = JSON.createArrayNode();
        for (Stage stage : stages) {
            ObjectNode object = array.addObject()
                    .put("copies", stage.copies())
                    .put("step", stage.step())
                    .put("share", stage.share())
                    .put("from", stage.from().toString());
            Instant to = stage.to();
            if (to != null) {
                object.put("to", to.toString());
            }
        }
        return array;
    }

    /** What {@link #stages(List)} wrote. */
    public static List<Stage> stages(String text) {
        List<Stage> stages = new ArrayList<>();
        for (JsonNode stage : JSON.readTree(text)) {
            stages.add(new Stage(
                    stage.path("copies").asBoolean(),
                    stage.path("step").asInt(),
                    stage.path("share").asDouble(),
                    time(stage, "from"),
                    stage.has("to") ? time(stage, "to") : null));
        }
        return stages;
    }

    private static Instant time(JsonNode node, String name) {
        try {
            return Instant.parse(node.path(name).asString());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("[%s] is no time".formatted(name), e);
        }
    }

    private static TrafficState state(String useCase, JsonNode tree) {
        if (tree.path("schemaVersion").asInt(0) != SCHEMA
                || !tree.path("useCase").asString("").equals(useCase)) {
            throw new IllegalArgumentException("it is not of this version, or of another use case");
        }
        List<TrafficState.Pending> pending = new ArrayList<>();
        tree.path("pending").forEach(one -> pending.add(pending(one)));
        return new TrafficState(
                useCase,
                served(tree.path("live")),
                tree.has("rollout") ? rollout(tree.path("rollout")) : null,
                tree.path("halted").asBoolean(false),
                pending,
                switches(tree));
    }

    private static Rollout rollout(JsonNode tree) {
        Served candidate = served(tree.path("candidate"));
        if (candidate == null) {
            throw new IllegalArgumentException("its rollout has no candidate");
        }
        return new Rollout(
                id(tree, "id"),
                candidate,
                served(tree.path("baseline")),
                Phase.of(tree.path("phase").asString(), tree.path("step").asInt()),
                tree.path("held").asBoolean(),
                stages(tree.path("stages").toString()),
                time(tree, "since"));
    }

    private static UUID id(JsonNode tree, String name) {
        return UUID.fromString(tree.path(name).asString());
    }

    private static @Nullable Served served(JsonNode tree) {
        return tree.isObject()
                ? new Served(
                        tree.path("useCase").asString(),
                        id(tree, "version"),
                        tree.path("number").asInt(),
                        tree.path("artifact").asString())
                : null;
    }

    private static TrafficState.Pending pending(JsonNode one) {
        JsonNode place = one.path("place");
        JsonNode from = one.path("from");
        return new TrafficState.Pending(
                new RolloutDecision(
                        id(one, "id"),
                        id(one, "rollout"),
                        time(one, "at"),
                        one.path("phase").asString(),
                        one.path("step").asInt(),
                        one.path("action").asString(),
                        one.path("who").asString(),
                        one.path("reason").asString(),
                        one.path("evidence").asString()),
                place.isObject()
                        ? new Rollouts.Place(
                                place.path("phase").asString(),
                                place.path("step").asInt(),
                                place.path("held").asBoolean(),
                                time(place, "since"),
                                place.path("stages").asString())
                        : null,
                from.isObject()
                        ? new Rollouts.Origin(
                                from.path("phase").asString(), from.path("step").asInt(), time(from, "since"))
                        : null);
    }
}
