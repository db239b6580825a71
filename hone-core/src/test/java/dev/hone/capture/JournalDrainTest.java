package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.CapturedCall;
import dev.hone.record.ConfigurationText;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.MadeCall;
import dev.hone.store.TestDatabase;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real journal into a real database. */
@Timeout(120)
final class JournalDrainTest {
    private static final Journal.Options SMALL = new Journal.Options(20_000, Duration.ofMillis(5), 0);

    @TempDir
    Path folder;

    private final Calls calls = new Calls(TestDatabase.database());
    private final Configurations configurations = new Configurations(TestDatabase.database());
    private final Traces traces = new Traces(TestDatabase.database());
    private final UseCases useCases = new UseCases(TestDatabase.database());
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());

    private static CapturedCall call(String useCase) {
        return MadeCall.of(useCase).saying("x".repeat(100), "x".repeat(100)).call();
    }

    private JournalDrain drain(Journal journal) throws Exception {
        return new JournalDrain(journal, folder, calls, configurations, () -> Judging.NOTHING, troubles::add);
    }

    private static void awaitEnd(Journal journal, JournalDrain drain) throws InterruptedException {
        for (int i = 0; i < 6_000 && !drain.position().equals(journal.end()); i++) {
            Thread.sleep(10);
        }
        assertEquals(journal.end(), drain.position());
    }

    @Test
    void everyCallArrivesOnceAndSegmentsGo() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            try (JournalDrain drain = drain(journal)) {
                for (int i = 0; i < 300; i++) {
                    journal.append(CallCodec.encode(call("drained")));
                }
                awaitEnd(journal, drain);
            }
            for (int i = 0; i < 100; i++) {
                journal.append(CallCodec.encode(call("drained")));
            }
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            journal.append(CallCodec.encode(call("drained")));
            try (JournalDrain drain = drain(journal)) {
                awaitEnd(journal, drain);
            }
            assertEquals(401, traces.count(useCases.require("drained")));
            try (var files = Files.list(folder)) {
                assertEquals(
                        1,
                        files.filter(file -> file.toString().endsWith(".journal"))
                                .count());
            }
        }
        assertEquals(List.of(), troubles);
    }

    /** The position is forgotten, as by a database that was put back: what is read again is not stored again. */
    @Test
    void whatIsReadAgainIsNotDoubled() throws Exception {
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            List<CapturedCall> made = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                made.add(call("drained-twice"));
                journal.append(CallCodec.encode(made.getLast()));
            }
            for (int i = 0; i < 2; i++) {
                Files.deleteIfExists(folder.resolve("id"));
                try (JournalDrain drain = drain(journal)) {
                    awaitEnd(journal, drain);
                }
                assertEquals(20, traces.count(useCases.require("drained-twice")));
            }
        }
    }

    /** What the files said is stored once, however often gateways begin with it. */
    @Test
    void whatTheFilesSaidIsStoredOnce() throws Exception {
        ConfigurationText text = new ConfigurationText(
                "5e".repeat(32), List.of(new ConfigurationText.File("hone.yaml", "port: 1 # \u00fc\n")));
        ConfigurationText next = new ConfigurationText("5f".repeat(32), List.of());
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            for (ConfigurationText one : List.of(text, text, next)) {
                journal.append(ConfigurationCodec.encode(one));
            }
            journal.append(CallCodec.encode(call("after-the-files")));
            try (JournalDrain drain = drain(journal)) {
                awaitEnd(journal, drain);
            }
        }
        assertEquals(List.of(), troubles);
        assertEquals(
                List.of(text),
                configurations.find("5e5e").stream()
                        .map(Configurations.Stored::text)
                        .toList());
        assertEquals(
                List.of(false),
                configurations.find(next.hash()).stream()
                        .map(stored -> stored.last() == null)
                        .toList(),
                "it is followed");
        assertNull(configurations.find(text.hash()).getFirst().last(), "nobody follows it any more");
        assertTrue(configurations.all().size() >= 2);
        assertEquals(1, traces.count(useCases.require("after-the-files")));
    }

    /** A fault is told, and what comes after it is stored all the same. */
    @Test
    void aFaultDoesNotEndIt() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD);
                JournalDrain drain =
                        new JournalDrain(journal, folder, calls, configurations, () -> Judging.NOTHING, trouble -> {
                            troubles.add(trouble);
                            if (told.incrementAndGet() == 1) {
                                throw new IllegalStateException("a fault");
                            }
                        })) {
            journal.append("no call".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            journal.append(CallCodec.encode(call("after-a-fault")));
            awaitEnd(journal, drain);
        }
        assertEquals(1, traces.count(useCases.require("after-a-fault")));
        assertTrue(troubles.get(1).contains("a fault"), troubles.toString());
    }

    /** What the database refuses, and what is no call, does not stop the others. */
    @Test
    void whatCannotBeStoredIsPutAsideAndTold() throws Exception {
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            journal.append(CallCodec.encode(call("beside")));
            journal.append(CallCodec.encode(call("No Name At All")));
            journal.append("no call".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            journal.append(CallCodec.encode(call("beside")));
            try (JournalDrain drain = drain(journal)) {
                awaitEnd(journal, drain);
            }
        }
        assertEquals(2, traces.count(useCases.require("beside")));
        try (var files = Files.list(folder.resolve("rejected"))) {
            assertEquals(2, files.count());
        }
        assertEquals(2, troubles.size(), troubles.toString());
        assertTrue(troubles.stream().allMatch(trouble -> trouble.contains("put aside")), troubles.toString());
    }

    /** The position is forgotten, as by a database that was put back: what is put aside again is there once. */
    @Test
    void whatIsPutAsideAgainIsThereOnce() throws Exception {
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            journal.append(CallCodec.encode(call("No Name At All")));
            journal.append("no call".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            for (int i = 0; i < 3; i++) {
                Files.deleteIfExists(folder.resolve("id"));
                try (JournalDrain drain = drain(journal)) {
                    awaitEnd(journal, drain);
                    assertEquals(i == 0 ? 2 : 0, drain.recordsAside());
                }
                try (var files = Files.list(folder.resolve("rejected"))) {
                    assertEquals(2, files.count());
                }
            }
        }
        assertEquals(2, troubles.size(), troubles.toString());
    }

    @Test
    void positionsAreOrdered() {
        assertTrue(new Position(1, 9).compareTo(new Position(2, 0)) < 0);
        assertTrue(new Position(2, 1).compareTo(new Position(2, 0)) > 0);
    }
}
