package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.loop.Digest.UseCaseDay;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.LiveSwitches;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.SharedDatabase;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What somebody should look at, what people did by hand, and what has drifted, as a digest says it. */
@Timeout(120)
@ExtendWith(NotBeforeMidnight.class)
final class DigestAlarmsTest {
    private final Database database = SharedDatabase.database();
    private final Aliases aliases = new Aliases(database);

    @TempDir
    Path home;

    private UseCaseDay day(String useCase, Instant now) {
        return digest(useCase, now).useCases().getFirst();
    }

    private Digest digest(String useCase, Instant now) {
        return new DigestReader(database, home, InstantSource.fixed(now))
                .read("default", useCase, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    private ModelVersion version(UUID useCase, int number) {
        String hash = Ids.next().toString().replace("-", "").repeat(2);
        FinishedRun run = new FinishedRun(hash, hash, 1, "base", hash, "{}", "{}", "{}", Instant.now());
        ModelVersion version = new ModelVersions(database)
                .add(
                        useCase,
                        new ModelVersions.Candidate(run, new RunLog(List.of(), List.of()), null, hash, null, "here"))
                .version();
        assertEquals(number, version.number());
        return version;
    }

    private void point(ModelVersion version, String alias, String who) {
        aliases.set(new VersionReference.Numbered(version.useCase(), version.number()), alias, who);
    }

    private static List<String> words(List<Digest.Event> events) {
        return events.stream().map(Digest.Event::words).toList();
    }

    @Test
    void whatSomebodyShouldLookAtIsToldWithWhoDidIt() throws IOException {
        String name = "digest-alarms";
        UUID useCase = new UseCases(database).obtain(name);
        ModelVersion good = version(useCase, 1);
        ModelVersion bad = version(useCase, 2);
        point(good, "live", "ada");
        Instant now = Instant.now();
        assertEquals(List.of(), day(name, now).alarms(), "nobody judges versions here");
        GateVerdicts verdicts = new GateVerdicts(database);
        verdicts.add(good, null, true, "{}", "ada");
        verdicts.add(bad, null, false, "{}", "ada");
        assertEquals(List.of(), day(name, now).alarms());
        point(bad, "live", "root");
        point(bad, "candidate", "hone loop");
        point(good, "mine", "bob");
        LiveSwitches switches = new LiveSwitches(database);
        Instant off = Instant.now().truncatedTo(ChronoUnit.MICROS);
        switches.add(useCase, new LiveSwitch(Ids.next(), true, "rv7", off));
        Path folder = Files.createDirectories(home.resolve("rollouts").resolve("alarms"));
        Files.writeString(folder.resolve(name + ".json"), """
                {"halted": "as the gateway has it", "unfit": "[digest-alarms/2] is not followed", "serving": "[digest-alarms/2] is live and cannot be opened"}
                """);
        now = Instant.now();
        List<String> alarms = day(name, now).alarms();
        assertEquals(4, alarms.size(), alarms.toString());
        assertTrue(
                alarms.get(0)
                                .startsWith("its own versions have no calls since [rv7] took them away at "
                                        + Day.shown(off))
                        && alarms.get(0).endsWith("hone canary resume digest-alarms"),
                alarms.toString());
        assertTrue(
                alarms.get(1).startsWith("[digest-alarms/2] is live since [root] made it so at ")
                        && alarms.get(1).contains(" and did not pass its gates: see hone gate digest-alarms/2"),
                alarms.toString());
        assertEquals(
                Set.of("[digest-alarms/2] is not followed", "[digest-alarms/2] is live and cannot be opened"),
                Set.copyOf(alarms.subList(2, 4)),
                "only a gateway knows whom it follows");
        Files.writeString(folder.resolve(name + ".json"), """
                {"halted": "as the gateway has it", "serving": "[digest-alarms/2] is live and cannot be opened"}
                """);
        assertEquals(
                List.of(
                        "the alias live: from nothing to digest-alarms/1, by ada",
                        "the alias live: from digest-alarms/1 to digest-alarms/2, by root",
                        "the alias mine: from nothing to digest-alarms/1, by bob",
                        "calls of its own versions were taken away, by rv7"),
                words(day(name, now).moves()),
                "and neither what follows from these nor what registration does");
        switches.add(useCase, new LiveSwitch(Ids.next(), false, "ada", off.plusMillis(1)));
        point(good, "live", "hone serve");
        UseCaseDay later = day(name, Instant.now());
        assertEquals(List.of("[digest-alarms/2] is live and cannot be opened"), later.alarms());
        assertEquals(
                "calls of its own versions were given back, by ada",
                words(later.moves()).getLast());
        assertEquals(5, later.moves().size(), "what hone serve moves is told with its rollouts: " + later.moves());
        String text = DigestText.of(digest(name, Instant.now()));
        assertTrue(text.contains("**Look at this**\n\n- [digest-alarms/2] is live and cannot be opened"), text);
        assertTrue(text.contains("**Aliases and switches**\n\n- 20"), text);
        assertTrue(text.contains(" the alias live: from digest-alarms/1 to digest-alarms/2, by root\n"), text);
    }

    /** A candidate that somebody points elsewhere long after it was registered is their doing; what begins a rollout is that. */
    @Test
    void aCandidateIsToldWhereNothingElseTellsIt() {
        String name = "digest-candidate";
        UUID useCase = new UseCases(database).obtain(name);
        ModelVersion version = version(useCase, 1);
        point(version, "candidate", "ada");
        assertEquals(List.of(), day(name, Instant.now()).moves());
        ModelVersion next = version(useCase, 2);
        new GateVerdicts(database).add(next, null, true, "{}", "ada");
        new Rollouts(database).begin(useCase, next.id(), "ada");
        assertEquals(List.of(), day(name, Instant.now()).moves());
        Instant later = Instant.now().plus(Duration.ofMinutes(2));
        StoreFixture.change(
                database,
                "INSERT INTO alias_change (id, use_case, name, number_before, number_after, who, changed) VALUES (?, ?, 'candidate', 2, 1, 'bob', ?)",
                Ids.next(),
                useCase,
                later);
        assertEquals(
                List.of("the alias candidate: from digest-candidate/2 to digest-candidate/1, by bob"),
                words(day(name, later).moves()));
    }

    /** Whatever the number of looks: each thing once, what was seen last first, and when. */
    @Test
    void driftIsMergedAndNeverCut() {
        String name = "digest-drift";
        UUID useCase = new UseCases(database).obtain(name);
        WatchLooks looks = new WatchLooks(database);
        Instant noon = Instant.parse("2026-03-05T12:00:00Z");
        UUID reference =
                looks.take(useCase, 1, 100, null, noon, "hone", "the first").id();
        for (int i = 0; i < 9; i++) {
            looks.add(
                    useCase,
                    reference,
                    noon.plusSeconds(60L * i),
                    true,
                    "{\"findings\":[{\"of\":\"%s\",\"change\":\"look %d\",\"drifted\":true,\"better\":null}]}"
                            .formatted(i == 3 ? "answers: names" : "inputs: meaning", i));
        }
        looks.add(
                useCase,
                reference,
                noon.plusSeconds(900),
                false,
                "{\"findings\":[{\"of\":\"feedback: helped\",\"change\":\"none of the window\",\"drifted\":false,\"better\":\"mean 0.989\"}]}");
        UseCaseDay day = day(name, noon.plusSeconds(3_600));
        assertEquals(
                List.of(
                        new Digest.Changed(
                                "inputs: meaning", "look 8", "2026-03-05T12:00:00Z", "2026-03-05T12:08:00Z", 8),
                        new Digest.Changed(
                                "answers: names", "look 3", "2026-03-05T12:03:00Z", "2026-03-05T12:03:00Z", 1)),
                day.drift());
        assertEquals(
                List.of("feedback: helped"),
                day.better().stream().map(Digest.Changed::of).toList());
        String text = DigestText.of(digest(name, noon.plusSeconds(3_600)));
        assertTrue(
                text.contains(
                        "- inputs: meaning (look 8), first seen at 2026-03-05T12:00:00Z, last at 2026-03-05T12:08:00Z, in 8 looks\n"),
                text);
        assertTrue(text.contains("**Changed for the better**\n\n- feedback: helped (mean 0.989), seen at"), text);
    }
}
