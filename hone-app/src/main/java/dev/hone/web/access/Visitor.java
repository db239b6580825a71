package dev.hone.web.access;

import dev.hone.capture.access.Secret;
import dev.hone.fetch.Hashes;
import dev.hone.record.Person;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Somebody who is signed in.
 *
 * @param session of their cookie
 */
public record Visitor(Person person, Secret session) {
    /** What every form of this session carries, so that no other site can make one: a hash of what the cookie alone knows. */
    public String token() {
        return Hashes.sha256("form " + session.text());
    }

    public boolean isToken(String shown) {
        return MessageDigest.isEqual(token().getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }
}
