package dev.hone.watch;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.file.Durable;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Ids;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A database that all tests of watching share, and calls of an invented product. */
public final class WatchFixture {
    static final Path HOME = Path.of("target", "test-watch-home").toAbsolutePath();
    private static final WatchFixture ONE = new WatchFixture();
    private static final List<List<String>> KINDS = List.of(
            List.of(
                    "where is my parcel",
                    "track the delivery of my order",
                    "has the courier left yet",
                    "when does the package arrive"),
            List.of(
                    "i want my money back",
                    "refund the second item please",
                    "return this and refund me",
                    "give me a refund for the shoes"),
            List.of(
                    "change my password",
                    "i cannot log into the account",
                    "reset the login of my account",
                    "lock my account"),
            List.of(
                    "book a table at the restaurant",
                    "reserve seats for dinner tonight",
                    "a table for two at eight",
                    "find a place to eat sushi"));
    private static final List<String> TOOLS = List.of("track", "refund", "account", "reserve");

    public final Database database;

    /** Of each use case its own, so that what it is asked depends on nobody else's tests. */
    private final Map<String, Random> randoms = new ConcurrentHashMap<>();

    private WatchFixture() {
        try {
            Durable.delete(HOME.resolve("db"));
            Durable.delete(HOME.resolve("journal"));
            Files.createDirectories(HOME);
            database = Database.open(Map.of(), HOME, text -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static WatchFixture open() {
        return ONE;
    }

    /** A charter as its file says it. */
    public static Charter charter(String name, String good, String improve) {
        return charter(name, good, improve, 0);
    }

    /** @param judge share of the sample that versions are judged by, which is asked in the order of chance */
    public static Charter charter(String name, String good, String improve, double judge) {
        return charter(name, good, improve, judge, "");
    }

    /** One whose versions come to its calls. */
    static Charter promoting(String name, String improve) {
        return charter(
                name,
                "{kind: tool_call}",
                improve,
                0,
                "variants: {incumbent: {upstream: big, model: gpt}}\npromote: {}\n");
    }

    static Charter charter(String name, String good, String improve, double judge, String serving) {
        try {
            Path folder = Files.createDirectories(HOME.resolve("charters"));
            Path file = folder.resolve(name + CharterReader.END);
            Files.writeString(file, """
                    name: %s
                    owner: Ada
                    job: Helps.
                    good: %s
                    viewers: [all]
                    improve: %s
                    loop: {judge: %s}
                    %s""".formatted(name, good, improve, judge, serving));
            return CharterReader.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Random random(String route) {
        return randoms.computeIfAbsent(route, name -> new Random(name.hashCode()));
    }

    /** The first tools of the product. */
    private static List<ObjectNode> tools(int count) {
        return TOOLS.subList(0, count).stream()
                .map(name -> {
                    ObjectNode tool = JsonMapper.shared().createObjectNode().put("type", "function");
                    tool.putObject("function")
                            .put("name", name)
                            .putObject("parameters")
                            .put("type", "object")
                            .putObject("properties")
                            .putObject("what")
                            .put("type", "string");
                    return tool;
                })
                .toList();
    }

    /** A question of a kind, answered by a call of its tool. */
    CapturedCall call(String route, UUID id, int kind, int offered, @Nullable UUID shadowOf, String tool) {
        return call(route, id, kind, offered, shadowOf, tool, List.of());
    }

    CapturedCall call(
            String route,
            UUID id,
            int kind,
            int offered,
            @Nullable UUID shadowOf,
            String tool,
            List<Attempt> attempts) {
        Random random = random(route);
        List<String> questions = KINDS.get(kind);
        ObjectNode request = JsonMapper.shared().createObjectNode();
        request.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", questions.get(random.nextInt(questions.size())) + " " + random.nextInt(90));
        request.putArray("tools").addAll(tools(offered));
        ObjectNode response = JsonMapper.shared().createObjectNode();
        response.putArray("choices")
                .addObject()
                .putObject("message")
                .put("role", "assistant")
                .putNull("content")
                .putArray("tool_calls")
                .addObject()
                .put("type", "function")
                .putObject("function")
                .put("name", tool)
                .put("arguments", "{\"what\":\"%d\"}".formatted(random.nextInt(1_000)));
        return call(route, id, shadowOf, request.toString(), response.toString(), attempts);
    }

    static CapturedCall call(String route, UUID id, @Nullable UUID shadowOf, String request, String response) {
        return call(route, id, shadowOf, request, response, List.of());
    }

    private static CapturedCall call(
            String route, UUID id, @Nullable UUID shadowOf, String request, String response, List<Attempt> attempts) {
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        Instant.now(),
                        "/v1/chat/completions",
                        "use-case/" + route,
                        route,
                        true,
                        shadowOf == null ? "live" : "candidate",
                        new CapturedCall.Origin("default", null, null, null, Map.of(), null, shadowOf),
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        null,
                        10,
                        CallUsage.UNKNOWN,
                        null,
                        attempts),
                request.getBytes(StandardCharsets.UTF_8),
                response.getBytes(StandardCharsets.UTF_8));
    }

    /** Says of every watched call of a use case of which nobody has said it whether it helped, an hour later: as often as a share says. */
    public void judge(Subject subject, double share) {
        StoreFixture.change(database, """
                INSERT INTO feedback (id, project, trace, use_case, kind, name, value, score, day, route, variant, created)
                SELECT gen_random_uuid(), u.project, w.trace, w.use_case, 'boolean', 'rating', to_json(w.good), w.good::integer,
                       w.recorded::date, u.name, 'live', w.recorded + interval '1 hour'
                  FROM (SELECT *, position * 37 % 100 < 100 * ?::float8 AS good FROM watched_call) AS w JOIN use_case u ON u.id = w.use_case
                 WHERE u.id = ? AND NOT EXISTS (SELECT FROM feedback f WHERE f.trace = w.trace)
                """, share, subject.useCase());
    }

    /** Calls of the first kinds, as often each; all of them stored. */
    public List<UUID> add(String route, int count, int kinds) {
        return add(route, count, kinds, List.of());
    }

    /** The same, answered by a version of the use case. @param variant as which it was asked */
    List<UUID> add(String route, int count, int kinds, String variant, int version) {
        String reference = route + "/" + version;
        return add(route, count, kinds, List.of(new Attempt(1, variant, reference, reference, 200, null, 10, null)));
    }

    private List<UUID> add(String route, int count, int kinds, List<Attempt> attempts) {
        List<UUID> ids = new ArrayList<>();
        List<CapturedCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = random(route).nextInt(kinds);
            ids.add(Ids.next());
            calls.add(call(route, ids.getLast(), kind, kinds, null, TOOLS.get(kind), attempts));
        }
        new Calls(database).add(calls);
        return ids;
    }
}
