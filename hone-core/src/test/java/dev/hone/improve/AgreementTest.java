package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Agreement.Person;
import dev.hone.improve.Agreement.Rating;
import dev.hone.improve.Agreement.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AgreementTest {
    private static void add(List<Rating> ratings, int count, String first, String second) {
        for (int i = 0; i < count; i++) {
            String item = "item" + ratings.size();
            ratings.add(new Rating(item, "a", first));
            ratings.add(new Rating(item, "b", second));
        }
    }

    /** 20 and 15 that both call the same, 5 and 10 that they do not: observed 0.7, expected 0.5. */
    @Test
    void kappaByHand() {
        List<Rating> ratings = new ArrayList<>();
        add(ratings, 20, "yes", "yes");
        add(ratings, 5, "yes", "no");
        add(ratings, 10, "no", "yes");
        add(ratings, 15, "no", "no");
        Result result = Agreement.of(ratings, true, 1);
        assertEquals(0.4, result.pairs().getFirst().kappa().value(), 1e-12);
        assertEquals(50, result.pairs().getFirst().kappa().items());
        assertTrue(result.pairs().getFirst().kappa().low() < 0.4
                && result.pairs().getFirst().kappa().high() > 0.4);
        assertEquals(result, Agreement.of(ratings, true, 1));
    }

    /** The four observers of Krippendorff's "Computing Krippendorff's Alpha-Reliability" (2011), part C: 0.743 for nominal data. */
    @Test
    void alphaAsPublished() {
        List<String> rows = List.of("123321412...", "1233224125.3", ".3332342251.", "12332441251.");
        List<Rating> ratings = new ArrayList<>();
        for (int person = 0; person < rows.size(); person++) {
            for (int item = 0; item < rows.get(person).length(); item++) {
                char value = rows.get(person).charAt(item);
                if (value != '.') {
                    ratings.add(new Rating("item" + item, "p" + person, String.valueOf(value)));
                }
            }
        }
        assertEquals(0.743, Agreement.of(ratings, true, 1).alpha().value(), 5e-4);
    }

    /** Two who are right nine times of ten, and one who answers at random: he is near 0, and it is said of him alone. */
    @Test
    void whoAnswersAtRandomIsSeen() {
        SplittableRandom random = new SplittableRandom(4);
        List<Rating> ratings = new ArrayList<>();
        for (int item = 0; item < 80; item++) {
            int right = random.nextInt(5);
            for (String person : List.of("ada", "bob", "dice")) {
                boolean knows = !person.equals("dice") && random.nextDouble() < 0.95;
                ratings.add(new Rating("item" + item, person, "class" + (knows ? right : random.nextInt(5))));
            }
        }
        Result result = Agreement.of(ratings, true, 1);
        for (Person person : result.people()) {
            assertEquals(80, person.labels());
            assertEquals(
                    person.name().equals("dice"), person.says().equals("answers as chance would"), person.toString());
        }
        Person dice = result.people().getLast();
        assertEquals("dice", dice.name());
        assertTrue(Math.abs(dice.alpha().value()) < 0.15 && dice.alpha().low() <= 0, dice.toString());
        assertEquals(3, result.pairs().size());
        assertTrue(result.pairs().getFirst().kappa().low() > 0.6, result.pairs().toString());
    }

    @Test
    void nothingIsSaidOfFewOrNone() {
        assertEquals(0, Agreement.of(List.of(), true, 1).alpha().items());
        Result alone = Agreement.of(List.of(new Rating("x", "ada", "a"), new Rating("y", "ada", "b")), true, 1);
        assertEquals(0, alone.alpha().items());
        assertEquals(
                "too few items that others labelled too to say",
                alone.people().getFirst().says());
        Result same = Agreement.of(List.of(new Rating("x", "ada", "a"), new Rating("x", "bob", "a")), true, 1);
        assertEquals(1, same.alpha().value());
        assertEquals(1, same.pairs().getFirst().kappa().value());
    }

    /** Answers of people to items whose right class follows from a seed: who is careful is right, and who is not rolls a die of five. */
    private static List<Rating> rated(List<String> careful, List<String> dice, boolean known) {
        SplittableRandom random = new SplittableRandom(8);
        List<Rating> ratings = new ArrayList<>();
        for (int item = 0; item < 60; item++) {
            int right = random.nextInt(5);
            for (String person : careful) {
                ratings.add(new Rating("item" + item, person, "class" + (random.nextInt(20) == 0 ? 0 : right)));
            }
            for (String person : dice) {
                ratings.add(new Rating("item" + item, person, "class" + random.nextInt(5)));
            }
            if (known) {
                ratings.add(new Rating("item" + item, Agreement.KNOWN, "class" + right));
            }
        }
        return ratings;
    }

    private static List<String> says(List<Rating> ratings) {
        return Agreement.of(ratings, true, 1).people().stream()
                .map(person -> person.name() + " " + person.says())
                .toList();
    }

    /** One of two rolls a die, and their answers do not say which. */
    @Test
    void ofTwoWhoDisagreeNeitherIsAccused() {
        String neither = "disagrees with %s: who is right is told by a third, or where the right answer is known";
        assertEquals(
                List.of("ada " + neither.formatted("dice"), "dice " + neither.formatted("ada")),
                says(rated(List.of("ada"), List.of("dice"), false)));
        assertEquals(
                List.of("ada agrees with what is known, and not with the others", "dice answers as chance would"),
                says(rated(List.of("ada"), List.of("dice"), true)));
        assertEquals(
                List.of(
                        "ada agrees with the others in part",
                        "bob agrees with the others in part",
                        "dice answers as chance would"),
                says(rated(List.of("ada", "bob"), List.of("dice"), false)));
        assertTrue(
                says(rated(List.of("ada"), List.of("dice", "die"), false))
                        .getFirst()
                        .startsWith("ada disagrees with"),
                "two who roll dice do not agree, and accuse nobody");
    }

    /** What is known is nobody's answer, and in no figure of people. */
    @Test
    void whatIsKnownIsNoPerson() {
        Result with = Agreement.of(rated(List.of("ada"), List.of("dice"), true), true, 1);
        Result without = Agreement.of(rated(List.of("ada"), List.of("dice"), false), true, 1);
        assertEquals(without.alpha(), with.alpha());
        assertEquals(1, with.pairs().size());
        assertEquals(
                List.of("ada", "dice"), with.people().stream().map(Person::name).toList());
    }

    @Test
    void textsAreNotHeldAgainstEachOther() {
        List<Rating> ratings = new ArrayList<>();
        for (int item = 0; item < 30; item++) {
            ratings.add(new Rating("item" + item, "ada", "a careful text " + item));
            ratings.add(new Rating("item" + item, "bob", "another one " + item));
        }
        for (Person person : Agreement.of(ratings, false, 1).people()) {
            assertEquals("writes texts, which are not held against each other", person.says());
        }
    }
}
