package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Agreement;
import dev.hone.record.Ids;
import dev.hone.store.Calls;
import dev.hone.store.Labels;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Labels as they stand in a real database. */
@Timeout(120)
final class AgreementsTest {
    private static final String LABELS = "{kind: label, classes: {refund: [money back], shipping: [], account: []}}";

    private final WatchFixture fixture = WatchFixture.open();
    private final Agreements agreements = new Agreements(fixture.database);

    private Subject subject(String name, String good) {
        return new Subject(new UseCases(fixture.database).obtain(name), WatchFixture.charter(name, good, "{}"));
    }

    private UUID call(String name) {
        UUID id = Ids.next();
        new Calls(fixture.database)
                .add(List.of(WatchFixture.call(
                        name,
                        id,
                        null,
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}",
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"refund\"}}]}")));
        return id;
    }

    /** What a person says on the page, with its feedback. @param person null where nobody gave a name */
    private void say(Subject subject, UUID trace, String person, String message) {
        String id = "said-" + trace + "-" + person;
        StoreFixture.change(fixture.database, """
                INSERT INTO feedback (id, project, trace, use_case, kind, name, value, day, route, variant, author, caller_id, fingerprint)
                SELECT ?, u.project, ?, u.id, 'demonstration', 'demonstration', ?::json, current_date, u.name, 'live', nullif(?, ''), ?, repeat('a', 64)
                  FROM use_case u WHERE u.id = ?
                """, Ids.next(), trace, message, person, id, subject.useCase());
        if (!person.isEmpty()) {
            new Labels(fixture.database)
                    .add(
                            subject.useCase(),
                            Labels.of(trace, person, Labels.Kind.DEMONSTRATION, message, id, Map.of(), Instant.now()));
        }
    }

    private static String text(String content) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("role", "assistant")
                .put("content", content)
                .toString();
    }

    /** Of three who label the same, one rolls a die. */
    @Test
    void anExpertAtRandomIsShown() {
        Subject subject = subject("agree-random", LABELS);
        Random random = new Random(3);
        List<String> classes = List.of("refund", "shipping", "account");
        for (int i = 0; i < 40; i++) {
            UUID trace = call("agree-random");
            String right = classes.get(random.nextInt(3));
            say(subject, trace, "ada", text(right));
            say(subject, trace, "bob", text(random.nextInt(12) == 0 ? "refund" : right));
            say(subject, trace, "eve", text(classes.get(random.nextInt(3))));
        }
        Agreement.Result result = agreements.of(subject);
        for (Agreement.Person person : result.people()) {
            assertEquals(person.name().equals("eve"), person.says().equals(Agreement.BY_CHANCE), result.toString());
        }
        assertSame(result, agreements.of(subject), "nothing was labelled since");
        say(subject, call("agree-random"), "ada", text("refund"));
        assertEquals(41, agreements.of(subject).people().getFirst().labels());
    }

    /** Two people, one of whom rolls a die: without what is known neither is accused, with it the right one. */
    @Test
    void ofTwoTheKnownAnswersTell() {
        Subject subject = subject("agree-known", LABELS);
        Random random = new Random(5);
        List<String> classes = List.of("refund", "shipping", "account");
        List<UUID> traces = new ArrayList<>();
        List<String> rights = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            traces.add(call("agree-known"));
            rights.add(classes.get(random.nextInt(3)));
            say(subject, traces.getLast(), "ada", text(rights.getLast()));
            say(subject, traces.getLast(), "eve", text(classes.get(random.nextInt(3))));
        }
        for (Agreement.Person person : agreements.of(subject).people()) {
            assertTrue(person.says().startsWith("disagrees with "), person.toString());
        }
        for (int i = 0; i < 40; i++) {
            say(subject, traces.get(i), "", text(rights.get(i)));
        }
        List<Agreement.Person> people = agreements.of(subject).people();
        assertEquals(
                "agrees with what is known, and not with the others",
                people.getFirst().says());
        assertEquals(Agreement.BY_CHANCE, people.getLast().says());
    }

    /** What the use case's grader takes for the same is the same: another name of a class, and arguments in another order. */
    @Test
    void theUseCasesGraderSaysWhatIsTheSame() {
        Subject labels = subject("agree-names", LABELS);
        for (int i = 0; i < 12; i++) {
            UUID trace = call("agree-names");
            say(labels, trace, "ada", text(i % 2 == 0 ? "refund" : "shipping"));
            say(labels, trace, "bob", text(i % 2 == 0 ? "Money back" : "SHIPPING "));
        }
        assertEquals(
                1.0,
                agreements.of(labels).alpha().value(),
                agreements.of(labels).toString());
        Subject numbers = subject("agree-numbers", "{kind: numeric}");
        for (int i = 0; i < 12; i++) {
            UUID trace = call("agree-numbers");
            say(numbers, trace, "ada", text(String.valueOf(i % 3)));
            say(numbers, trace, "bob", text(i % 3 + ".0"));
        }
        assertEquals(
                1.0,
                agreements.of(numbers).alpha().value(),
                agreements.of(numbers).toString());
    }

    @Test
    void carefulWritersOfTextsAreNotCalledRandom() {
        Subject subject = subject("agree-texts", "{kind: string_check, operation: eq}");
        for (int i = 0; i < 20; i++) {
            UUID trace = call("agree-texts");
            say(subject, trace, "ada", text("Your parcel number " + i + " is on its way."));
            say(subject, trace, "bob", text("It was sent, number " + i + "!"));
        }
        for (Agreement.Person person : agreements.of(subject).people()) {
            assertEquals("writes texts, which are not held against each other", person.says());
        }
    }

    /** A vote is no answer, and nobody disagrees with one. */
    @Test
    void votesAreApart() {
        Subject subject = subject("agree-votes", LABELS);
        Labels labels = new Labels(fixture.database);
        for (int i = 0; i < 12; i++) {
            UUID trace = call("agree-votes");
            say(subject, trace, "ada", text("refund"));
            labels.add(
                    subject.useCase(),
                    Labels.of(
                            trace,
                            "bob",
                            i == 0 ? Labels.Kind.TIE : Labels.Kind.PREFERENCE,
                            i == 0 ? "same" : i < 5 ? "live" : "other",
                            null,
                            Map.of(),
                            Instant.now()));
        }
        assertEquals(0, agreements.of(subject).alpha().items());
        assertEquals(new Labels.Votes(4, 7, 1), labels.votes(subject.useCase()));
    }
}
