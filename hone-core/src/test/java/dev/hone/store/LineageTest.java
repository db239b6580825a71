package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetLineage;
import dev.hone.record.GateVerdict;
import dev.hone.record.Ids;
import dev.hone.record.LineageReference;
import dev.hone.record.ModelVersion;
import dev.hone.record.Saw;
import dev.hone.record.Split;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionReference.Aliased;
import dev.hone.record.VersionReference.Numbered;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From traces up to versions and from versions down to traces, in a real database. */
final class LineageTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Lineage lineage = new Lineage(DATABASE);
    private final Aliases aliases = new Aliases(DATABASE);
    private final GateVerdicts verdicts = new GateVerdicts(DATABASE);

    @Test
    void aTraceKnowsWhichVersionsSawItAndHow() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "seen", 6);
        Dataset first = learned.dataset(0, 3, 1, 1);
        Dataset second = learned.dataset(1, 1, 1, 1);
        ModelVersion one = learned.version("one", first, null);
        ModelVersion two = learned.version("two", null, one);
        learned.version("three", second, null);
        aliases.set(new Numbered("seen", 2), "live", "ann");
        TraceLineage zero = lineage.ofTrace(learned.traces().getFirst());
        assertEquals("default", zero.project());
        assertEquals("seen", zero.useCase());
        assertEquals(1, zero.feedback());
        assertEquals(1, zero.tasks());
        assertEquals(1, zero.places().size());
        assertEquals(Split.TRAIN, zero.places().getFirst().split());
        assertEquals(0, zero.places().getFirst().position());
        assertEquals(
                List.of(new Saw("seen/1", "", List.of(), null), new Saw("seen/2", "seen/1", List.of("live"), null)),
                zero.versions(),
                "directly, and by the version that it began with");
        TraceLineage both = lineage.ofTrace(learned.traces().get(2));
        assertEquals(
                List.of("TRAIN seen/1", "TRAIN seen/2", "VALIDATION seen/3"),
                both.places().stream()
                        .flatMap(place -> place.saw().stream().map(saw -> place.split() + " " + saw.version()))
                        .sorted()
                        .toList());
        TraceLineage none = lineage.ofTrace(learned.traces().get(5));
        assertEquals(List.of(), none.places());
        assertEquals(List.of(two.reference()), lineage.ofVersion(one).children());
        String message = assertThrows(IllegalArgumentException.class, () -> lineage.ofTrace(Ids.next()))
                .getMessage();
        assertTrue(message.contains("hone traces list"), message);
    }

    @Test
    void aVersionKnowsWhereItCameFromHowItWasJudgedAndWhenItWasUsed() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "known", 5);
        Dataset dataset = learned.dataset(0, 3, 1, 1);
        ModelVersion base = learned.version("base", null, null);
        ModelVersion middle = learned.version("middle", null, base);
        ModelVersion version = learned.version("last", dataset, middle);
        new Evaluations(DATABASE)
                .add(learned.id(), "{\"contenders\": []}", dataset.hash(), 1, null, List.of(version.id()));
        GateVerdict bad = verdicts.add(version, null, false, "{\"lines\": []}", "ann");
        GateVerdict good = verdicts.add(version, null, true, "{\"lines\": [1]}", "bob");
        aliases.set(new Numbered("known", 3), "candidate", "ann");
        aliases.set(new Numbered("known", 3), "live", "ann");
        aliases.set(new Numbered("known", 1), "live", "bob");
        aliases.set(new Numbered("known", 3), "live", "cy");
        aliases.remove(new Aliased("known", "candidate"), "ann");
        VersionLineage found = lineage.ofVersion(learned.again(version));
        assertEquals(
                List.of("known/2", "known/1"),
                found.parents().stream().map(ModelVersion::reference).toList(),
                "the nearest first");
        assertEquals(dataset.hash(), found.dataset().hash());
        assertEquals(
                List.of(3, 1, 1),
                List.of(
                        found.dataset().train(),
                        found.dataset().validation(),
                        found.dataset().test()));
        assertEquals(
                learned.traces(),
                found.traces().stream().map(DatasetLineage.Row::trace).toList());
        assertEquals(1, found.evaluations().size());
        assertEquals(List.of(good, bad), found.verdicts());
        assertEquals(Optional.of(good), verdicts.last(version.id()));
        assertEquals(
                List.of("candidate ann false", "live ann false", "previous bob false", "live cy true"),
                found.aliases().stream()
                        .map(one -> "%s %s %s".formatted(one.alias(), one.who(), one.to() == null))
                        .toList());
        found.aliases().forEach(one -> assertTrue(one.to() == null || !one.to().isBefore(one.from()), one.toString()));
        assertFalse(found.sawForgotten());
        assertNull(lineage.ofVersion(base).dataset());
        assertEquals(List.of(), lineage.ofVersion(base).traces());
        DatasetLineage down = lineage.ofDataset(dataset.hash().substring(0, 12));
        assertEquals(5, down.traces().size());
        assertEquals("known/3", down.saw().getFirst().version());
        assertEquals(1, down.reports().size(), "judged on the dataset");
    }

    /** Which version answered a call, or a copy of it, and in which rollouts. */
    @Test
    void trafficIsOfVersions() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "answered", 3);
        UUID trace = learned.traces().getFirst();
        UUID copy = learned.traces().getLast();
        for (String attempt :
                List.of("1, 'candidate', 'x', 'answered/2', 1, 'silent'", "2, 'live', 'x', 'answered/1', 1, NULL")) {
            learned.execute(
                    "INSERT INTO attempt (trace, number, variant, upstream, model, ms, trouble) VALUES (?, " + attempt
                            + ")",
                    trace);
        }
        learned.execute(
                "INSERT INTO attempt (trace, number, variant, upstream, model, ms) VALUES (?, 1, 'candidate', 'x', 'answered/2', 1)",
                copy);
        learned.execute("UPDATE trace SET shadow_of = ? WHERE id = ?", trace, copy);
        TraceLineage found = lineage.ofTrace(trace);
        assertEquals("answered/1", found.answered(), "who stepped in, and not who was asked first");
        assertEquals(List.of("answered/2"), found.copied());
        ModelVersion version = learned.version("one", null, null);
        verdicts.add(version, null, true, "{}", "ann");
        new Rollouts(DATABASE).begin(version.useCaseId(), version.id(), "ann");
        assertEquals(
                List.of("waiting ann"),
                lineage.ofVersion(learned.again(version)).rollouts().stream()
                        .map(one -> one.phase() + " " + one.who())
                        .toList());
    }

    @Test
    void whatGatesSaidIsNeverChangedNorRemovedAndIsOfAVersion() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "said", 1);
        ModelVersion version = learned.version("one", null, null);
        GateVerdict kept = verdicts.add(version, null, true, "{\"a\": 1}", "ann");
        assertEquals("{\"a\": 1}", kept.evidence(), "as it was written");
        assertEquals("passed", kept.word());
        GateVerdict forced = verdicts.add(version, null, true, "{\"forced\": \"it is only a test\"}", "ann");
        assertEquals("forced it is only a test", forced.word() + " " + forced.forced());
        assertEquals(
                "not passed", verdicts.add(version, null, false, "{}", "ann").word());
        for (String sql : List.of(
                "UPDATE gate_verdict SET passed = false", "DELETE FROM gate_verdict", "TRUNCATE gate_verdict")) {
            String message = assertThrows(StoreException.class, () -> learned.execute(sql), sql)
                    .getMessage();
            assertTrue(message.contains("[gate_verdict] are never"), message);
        }
        new VersionRemoval(DATABASE, (files, served) -> false).delete(new Numbered("said", 1), "ann");
        assertEquals("1 1 1", learned.query("SELECT number FROM gate_verdict WHERE version = ?", version.id()));
        String gone = assertThrows(IllegalArgumentException.class, () -> verdicts.add(version, null, true, "{}", "ann"))
                .getMessage();
        assertTrue(gone.contains("[said/1] was deleted"), gone);
        assertThrows(
                StoreException.class,
                () -> verdicts.add(learned.version("two", null, null), null, true, "[]", "ann"),
                "evidence is an object");
    }

    @Test
    void whateverIsNoReferenceIsRefusedWithTheFormsThatThereAre() {
        assertEquals(new LineageReference.OfVersion(new Numbered("a", 1)), LineageReference.of("a/1"));
        assertEquals(new LineageReference.OfDataset("4f2a81"), LineageReference.of("4F2A81"));
        assertEquals(
                new LineageReference.OfTrace(Ids.of(Instant.EPOCH, "x")),
                LineageReference.of(Ids.of(Instant.EPOCH, "x").toString().toUpperCase(java.util.Locale.ROOT)));
        for (String wrong : List.of(
                "",
                " ",
                "abc",
                "xyzz",
                "4f2a81 ",
                "' OR 1=1 --",
                "a/0",
                "../../etc/passwd",
                "019a5c1e-7d2b-7000-8a11-2f6d1c0e9b3",
                "f".repeat(65),
                "\u0000",
                "z".repeat(10_000))) {
            String message = assertThrows(IllegalArgumentException.class, () -> LineageReference.of(wrong), wrong)
                    .getMessage();
            assertTrue(message.contains("hone traces list") && message.length() < 500, message);
        }
        String several = assertThrows(IllegalArgumentException.class, () -> lineage.ofDataset("ffff0000ffff"))
                .getMessage();
        assertTrue(several.contains("[ffff0000ffff]") && several.contains("hone tasks list"), several);
    }
}
