package dev.hone.cli;

import dev.hone.api.AnsweringServer;
import dev.hone.capture.TrustedProxies;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.demo.DemoCharter;
import dev.hone.demo.GeneralModel;
import dev.hone.demo.LetterJob;
import dev.hone.demo.LoopDemo;
import dev.hone.demo.Plan;
import dev.hone.demo.Story;
import dev.hone.demo.World;
import dev.hone.file.Durable;
import dev.hone.serve.OwnPlaces;
import dev.hone.serve.Production;
import dev.hone.serve.ServeFiles;
import dev.hone.store.Database;
import dev.hone.web.LoopPage;
import dev.hone.web.site.Pages;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone demo --loop}: a gateway with a database of its own, and the world around it. */
final class LoopDemoRun {
    private static final String REPORT = "loop.json";
    private static final String PAGE = "loop.html";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private LoopDemoRun() {}

    /** @param out folder, which must not have a demo yet */
    static int run(Path out, boolean quick, long seed, boolean json) throws IOException {
        Path home = out.resolve("home").toAbsolutePath();
        if (Files.exists(home)) {
            throw new IllegalArgumentException(
                    "[%s] holds a demo of the loop, which begins with nothing: remove it, or choose another --out"
                            .formatted(out));
        }
        Files.createDirectories(out.resolve("use-cases"));
        RoundProgress progress = new RoundProgress(Map.of());
        World world = quick
                ? World.letters(LetterJob.model(out.resolve("tiny-model").toAbsolutePath()), seed)
                : World.assistantActions(seed, progress);
        Plan plan = quick ? Plan.quick(seed) : Plan.standard(seed);
        String name = world.useCase().data().name();
        Path charterFile = out.resolve("use-cases").resolve(name + CharterReader.END);
        Files.writeString(charterFile, DemoCharter.of(world, plan));
        Path firstFile = Files.createDirectories(out.resolve("first")).resolve(name + CharterReader.END);
        Files.writeString(firstFile, DemoCharter.ofFirst(world, plan));
        Story story;
        try (Interruption interruption = new Interruption();
                AnsweringServer general =
                        AnsweringServer.open(new GeneralModel(world.useCase(), plan.generalErrors(), seed))) {
            Files.writeString(out.resolve(ServeCommand.CONFIG), gateway(general.url()));
            ServeFiles files = new ServeFiles(
                    out.resolve(ServeCommand.CONFIG), out.resolve("use-cases"), Map.of(), new OwnPlaces());
            Charter charter = CharterReader.read(charterFile);
            Database database = Database.open(Map.of(), home, progress::notice);
            try (Production production = new Production(
                    files, home, () -> database, ModelOption::open, pages(out, charter, progress), progress::notice)) {
                story = new LoopDemo(
                                plan,
                                world,
                                charter,
                                CharterReader.read(firstFile),
                                database,
                                home,
                                URI.create(production.server().url()),
                                progress)
                        .run(interruption::requested);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The demo was interrupted", e);
            } finally {
                database.close();
            }
        }
        Durable.write(out.resolve(REPORT), JSON.writeValueAsBytes(story));
        Durable.write(out.resolve(PAGE), LoopPage.html(story).getBytes(StandardCharsets.UTF_8));
        told(story, out);
        if (json) {
            Json.print(story);
        }
        return 0;
    }

    private static String gateway(URI general) {
        return """
                port: 0
                keys: none
                looks: {watch: 5s, settle: 1s, loop: 2s}
                upstreams: {general: {url: '%s', private: true, prices: {general: {input: 0.40, output: 1.60}}}}
                """.formatted(general);
    }

    private static EdgePages pages(Path out, Charter charter, RoundProgress progress) {
        return new Pages(
                        out.resolve("runs"),
                        () -> new Pages.Declared(
                                List.of(), Map.of(charter.name(), charter.feedback()), TrustedProxies.NONE),
                        InstantSource.system(),
                        progress::notice)
                .handler();
    }

    private static void told(Story story, Path out) {
        for (Story.Share share : story.shares()) {
            System.err.printf(
                    "%-42s %4d calls, %s right%n",
                    share.name(),
                    share.calls(),
                    share.interval() == null
                            ? "none"
                            : "%.1f %%".formatted(100 * share.interval().value()));
        }
        for (Story.Difference difference : story.differences()) {
            System.err.printf(
                    "%s less %s: %+.1f points (%+.1f to %+.1f)%n",
                    difference.first(),
                    difference.second(),
                    100 * difference.interval().value(),
                    100 * difference.interval().low(),
                    100 * difference.interval().high());
        }
        System.err.printf(
                "the bad version: %s after %d calls of users%npage:   %s%nreport: %s%n",
                story.bad().phase(), story.bad().candidateCalls(), out.resolve(PAGE), out.resolve(REPORT));
    }
}
