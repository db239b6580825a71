package dev.hone.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where an external database is.
 *
 * @param url for the driver, without user and password
 * @param user empty when the URL or the driver's defaults decide
 * @param password empty when none was given
 */
record DatabaseAddress(String url, String user, String password) {
    private static final String FORMS =
            "postgresql://user:password@host:5432/database or jdbc:postgresql://host/database";

    /** Reads {@code HONE_DB_URL}. */
    static DatabaseAddress parse(String text) {
        String stripped = text.strip();
        if (stripped.startsWith("jdbc:postgresql:")) {
            return new DatabaseAddress(stripped, "", "");
        }
        URI uri;
        try {
            uri = new URI(stripped);
        } catch (URISyntaxException e) {
            throw refused(text, "it is no URL");
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
            throw refused(text, "it begins with neither [postgresql://] nor [jdbc:postgresql:]");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (uri.getHost() == null || path.length() < 2) {
            throw refused(
                    text,
                    "it needs a host and a database; write signs such as [@] or [/] in a password as [%40] or [%2F]");
        }
        String[] account = (uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo()).split(":", 2);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new DatabaseAddress(
                "jdbc:postgresql://" + uri.getHost() + port + path + query,
                decoded(account[0]),
                account.length < 2 ? "" : decoded(account[1]));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(
                "HONE_DB_URL is [%s], but %s; expected %s".formatted(withoutSecrets(text), why, FORMS));
    }

    /** For messages: no password. */
    String shown() {
        return withoutSecrets(url);
    }

    private static String withoutSecrets(String url) {
        return url.replaceAll("//[^@]*@", "//…@").replaceAll("(?i)(password=)[^&]*", "$1…");
    }

    @Override
    public String toString() {
        return shown();
    }
}
