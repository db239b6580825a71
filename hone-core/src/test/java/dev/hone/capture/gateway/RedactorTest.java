package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.hone.capture.redact.Finder;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.redact.Restorer;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered of episodes, for as long as there is room. */
final class RedactorTest {
    private static final long MOST_BYTES = 8 << 20;

    private final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    private final Redactor redactor = new Redactor(MOST_BYTES, faults::add);

    @AfterEach
    void end() {
        redactor.close();
    }

    private Pseudonyms episode(int number) {
        return redactor.pseudonyms("job", new Origin(Project.DEFAULT, null, "e" + number, null, Map.of(), null, null));
    }

    /** A megabyte and a half, by estimate. */
    private static void fill(Pseudonyms episode, int number) {
        Redaction redaction = redaction();
        for (int i = 0; i < 100; i++) {
            redaction.text("T-" + number + "-" + i + "-" + "x".repeat(4_000), episode);
        }
    }

    private static Redaction redaction() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("TICKET", "T-[0-9]+-[0-9]+-x*");
        return kinds.redaction();
    }

    @Test
    void aLongBodyIsLookedThroughOnAThreadOfTheSystem() throws Exception {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Redaction told = new Redaction(List.of(new Finder.Expression(
                "TICKET",
                text -> {
                    threads.add(Thread.currentThread());
                    return false;
                },
                Pattern.compile("T"),
                found -> true,
                found -> found)));
        byte[] longOne = "{\"a\":\"%s\"}".formatted("x".repeat(Redactor.SHORT)).getBytes(StandardCharsets.UTF_8);
        byte[] shortOne = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                redactor.redacted(longOne, told, new Pseudonyms());
                redactor.redacted(shortOne, told, new Pseudonyms());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        caller.join();
        assertEquals(
                List.of(false, true),
                threads.stream().map(Thread::isVirtual).distinct().toList());
    }

    @Test
    void whatGoesWrongOnAnotherThreadIsTheCallers() {
        Redaction broken = new Redaction(List.of(new Finder.Expression(
                "TICKET",
                text -> {
                    throw new IllegalStateException("no");
                },
                Pattern.compile("T"),
                found -> true,
                found -> found)));
        byte[] body = "{\"a\":\"%s\"}".formatted("x".repeat(Redactor.SHORT)).getBytes(StandardCharsets.UTF_8);
        IllegalStateException fault =
                assertThrows(IllegalStateException.class, () -> redactor.redacted(body, broken, new Pseudonyms()));
        assertEquals("no", fault.getMessage());
    }

    /** What nests deeper than the thread has room for is no reason for a call to have no record. */
    @Test
    void whatOverflowsTheStackIsNotStoredAndTold() throws Exception {
        Redaction deep = new Redaction(List.of(new Finder.Expression(
                "TICKET",
                text -> {
                    if (text.contains("deep")) {
                        throw new StackOverflowError("a prompt");
                    }
                    return true;
                },
                Pattern.compile("T-[0-9]+"),
                found -> true,
                found -> found)));
        for (int length : new int[] {1, Redactor.SHORT}) {
            byte[] body = "{\"a\":\"%s deep\"}".formatted("x".repeat(length)).getBytes(StandardCharsets.UTF_8);
            String stored = new String(redactor.redacted(body, deep, new Pseudonyms()), StandardCharsets.UTF_8);
            assertEquals("{\"hone\":\"not stored: it could not be looked through\"}", stored);
        }
        byte[] plain = "{\"a\":\"T-7\"}".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "{\"a\":\"<TICKET_1>\"}",
                new String(redactor.redacted(plain, deep, new Pseudonyms()), StandardCharsets.UTF_8));
        assertEquals(2, faults.size());
        assertTrue(faults.stream().allMatch(StackOverflowError.class::isInstance), faults.toString());
    }

    @Test
    void theOldestEpisodesAreForgottenBeforeAllTakeTooMuch() {
        Pseudonyms first = episode(0);
        fill(first, 0);
        assertSame(first, episode(0));
        for (int i = 1; i < 40; i++) {
            fill(episode(i), i);
        }
        Pseudonyms last = episode(39);
        assertTrue(redactor.held() <= MOST_BYTES && redactor.held() > MOST_BYTES / 2, redactor.held() + " bytes");
        assertTrue(redactor.forgotten() > 30, redactor.forgotten() + " episodes");
        assertSame(last, episode(39));
        // A call that still has it goes on.
        String original = new Restorer(first).whole("<TICKET_1>");
        assertTrue(original.startsWith("T-0-0-x"), original);
        long before = redactor.held();
        redaction().text("T-0-100-x", first);
        assertEquals(before, redactor.held(), "what is forgotten is not counted");
        assertNotSame(first, episode(0));
    }

    @Test
    void theOldestEpisodesAreForgottenWhereThereAreTooMany() {
        Pseudonyms first = episode(0);
        for (int i = 1; i < Redactor.MOST_EPISODES; i++) {
            episode(i);
        }
        assertSame(first, episode(0));
        assertEquals(0, redactor.forgotten());
        Pseudonyms second = episode(1);
        episode(-1);
        assertEquals(1, redactor.forgotten());
        assertSame(first, episode(0));
        assertSame(second, episode(1));
    }
}
