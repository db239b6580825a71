package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The users of a product, told apart without being known: HMAC-SHA-256 (RFC 2104) of what the product calls them, by a secret of
 * the installation, so that nobody who has the traces alone finds out by trying names.
 */
public final class EndUsers {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    public EndUsers(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** The same for the same user of the same project, and for nobody else. */
    public String hash(String project, String user) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal((project + "\0" + user).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This Java has no " + ALGORITHM, e);
        }
    }
}
