package dev.hone.capture.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.hone.capture.redact.Finder.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is not looked through has nothing to find: finders with their clues find what they find without. */
final class CluesTest {
    private static final List<Finder> FINDERS = finders();

    /** Pieces of what is looked for, and what comes between. */
    private static final List<String> PIECES = List.of(
            "ann",
            "@",
            "example",
            ".com",
            "4111",
            " 1111",
            "-1111",
            "1111 ",
            "411111",
            "1111111111",
            "  ",
            " ",
            "-",
            "+49",
            " 30 ",
            "901820",
            "(212)",
            " 555-2368",
            "\uD835\uDFD2",
            "\u0664",
            "DE89",
            " 3704",
            " 0044 0532 0130 00",
            "gb82west12345698765432",
            "sk-",
            "SK_",
            "rk_",
            "abcdefgh01234567",
            "hone_",
            "ghp_",
            "gho_",
            "github_pat_",
            "glpat-",
            "hf_",
            "xoxb-",
            "AKIA",
            "ASIA",
            "ABCDEFGH01234567",
            "AIza",
            "eyJ",
            "abcdefgh.",
            "-----BEGIN PRIVATE KEY-----",
            "-----END RSA PRIVATE KEY-----",
            "Bearer ",
            "bEARER ",
            "api key",
            "API_\u212AEY",
            "\u017Fecret",
            "ToKen",
            "password",
            "PASSWD",
            "passphrase",
            "pwd",
            "kennwort",
            ": ",
            "=",
            " is ",
            "lautet ",
            "\"",
            "'",
            "://",
            "me:",
            "s3cret!",
            "\n",
            "x",
            "\u00e9",
            "<",
            "CASE-1");

    private static List<Finder> finders() {
        List<Finder> finders = new ArrayList<>(Secrets.finders());
        finders.addAll(List.of(Finder.email(), Finder.card(), Finder.custom("CASE", "CASE-[0-9]")));
        return finders;
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(24).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 5_000)
    void expressionsFindTheSameWithoutTheirClues(@ForAll("texts") String text) {
        for (Finder finder : FINDERS) {
            if (finder instanceof Finder.Expression it) {
                Finder all = new Finder.Expression(it.kind(), Clues.NONE, it.pattern(), it.check(), it.same());
                assertEquals(all.find(text), it.find(text), it.pattern().pattern());
            }
        }
    }

    @Property(tries = 2_000)
    void accountsHaveLettersBeforeDigits(@ForAll("texts") String text) {
        boolean may = Pattern.compile("[A-Za-z]{2}[0-9]{2}").matcher(text).find();
        assertEquals(may, Clues.hasLettersAndDigits(text));
    }

    @Property(tries = 2_000)
    void telephoneNumbersAreFoundInPartsAsInTheWhole(
            @ForAll("texts") String one, @ForAll("texts") String other, @ForAll("gaps") String gap) {
        String text = one + gap + other + gap + one;
        List<Span> whole = new ArrayList<>();
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        for (String region : List.of("US", "DE")) {
            for (PhoneNumberMatch match :
                    numbers.findNumbers(text, region, PhoneNumberUtil.Leniency.VALID, Long.MAX_VALUE)) {
                whole.add(new Span(
                        match.start(),
                        match.end(),
                        "PHONE",
                        numbers.format(match.number(), PhoneNumberUtil.PhoneNumberFormat.E164)));
            }
        }
        assertEquals(Spans.apart(whole), new Phone(List.of("US", "DE")).find(text));
    }

    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(
                "", " and ", "and then nothing ".repeat(8), "\n".repeat(100), "w".repeat(129), "w".repeat(128));
    }
}
