package dev.hone.web.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PasswordsTest {
    /** Made by the reference implementation, through argon2-cffi 25.1. */
    @Test
    void whatOthersKeptIsRead() {
        String kept =
                "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$N05lhqy39Q9Y2lhEvujfKqF4kdyZg+1Qe2oguqbgVpg";
        assertTrue(Passwords.matches("correct hörse battery", kept));
        assertTrue(Passwords.matches("correct ho\u0308rse battery", kept), "composed in another way");
        assertFalse(Passwords.matches("correct horse battery", kept));
        assertTrue(Passwords.matches(
                "another password", "$argon2id$v=19$m=256,t=3,p=2$c2FsdHNhbHRzYWx0$3Gze/VySZdwG3CXPaclrLaFuAYXPzf56"));
    }

    @Test
    void aPasswordIsKeptWithSaltAndCost() {
        String password = Passwords.random();
        assertTrue(password.matches("[a-z2-9]{4}(-[a-z2-9]{4}){4}"), password);
        String kept = Passwords.hash(password);
        assertTrue(kept.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), kept);
        assertNotEquals(kept, Passwords.hash(password));
        assertTrue(Passwords.matches(password, kept));
        assertFalse(Passwords.matches(password + "x", kept));
        assertFalse(Passwords.matches("x".repeat(100_000), kept));
    }

    @Test
    void whatIsTooShortOrTooLongIsRefused() {
        for (String password : new String[] {"", "elevenchars", "x".repeat(201)}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Passwords.hash(password))
                    .getMessage();
            assertTrue(message.contains("[" + password.length() + "]"), message);
        }
    }

    @Test
    void attemptsComeBackAfterTheirTime() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Throttle throttle = new Throttle(2, Duration.ofMinutes(15));
        assertEquals(Duration.ZERO, throttle.take("a", now));
        assertEquals(Duration.ZERO, throttle.take("a", now.plusSeconds(60)));
        assertEquals(Duration.ofMinutes(13), throttle.take("a", now.plusSeconds(120)));
        assertEquals(Duration.ZERO, throttle.take("b", now.plusSeconds(120)), "others are not concerned");
        assertEquals(Duration.ZERO, throttle.take("a", now.plus(Duration.ofMinutes(15))));
        throttle.take("b", now.plusSeconds(121));
        throttle.giveBack("b");
        assertEquals(Duration.ZERO, throttle.take("b", now.plusSeconds(121)));
        throttle.clear("b");
        assertEquals(Duration.ZERO, throttle.take("b", now.plusSeconds(122)));
        for (int i = 0; i < 20_000; i++) {
            throttle.take("name " + i, now);
        }
        assertEquals(
                Duration.ZERO, throttle.take("a", now.plus(Duration.ofMinutes(16))), "what was forgotten counts anew");
    }
}
