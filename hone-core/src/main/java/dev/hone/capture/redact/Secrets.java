package dev.hone.capture.redact;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds keys and passwords: by the forms that services give them, after words that announce one, and under keys that tell. */
final class Secrets {
    static final String KIND = "SECRET";

    private static final List<Finder> FORMS = List.of(
            // OpenAI, Anthropic, Stripe
            form("\\b((?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,})", Clues.any("sk-", "sk_", "pk-", "pk_", "rk-", "rk_")),
            // Hone
            form("\\b(hone_[A-Za-z0-9_-]{20,})", Clues.any("hone_")),
            // GitHub, GitLab, Hugging Face, Slack
            form("\\b(gh[pousr]_[A-Za-z0-9]{20,})", Clues.any("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
            form("\\b(github_pat_[A-Za-z0-9_]{20,})", Clues.any("github_pat_")),
            form("\\b(glpat-[A-Za-z0-9_-]{20,})", Clues.any("glpat-")),
            form("\\b(hf_[A-Za-z0-9]{20,})", Clues.any("hf_")),
            form("\\b(xox[abeoprs]-[A-Za-z0-9-]{10,})", Clues.any("xox")),
            // Amazon, Google
            form("\\b((?:AKIA|ASIA)[A-Z0-9]{16})\\b", Clues.any("AKIA", "ASIA")),
            form("\\b(AIza[A-Za-z0-9_-]{35})", Clues.any("AIza")),
            // JSON Web Tokens
            form("\\b(eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*)", Clues.any("eyJ")),
            // PEM
            form(
                    "(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----)",
                    Clues.any("PRIVATE KEY-----")),
            // Announced ones
            form("(?i)\\bbearer\\s+([A-Za-z0-9._~+/=-]{12,})", Clues.anyCase("bearer")),
            form(
                    "(?i)(?:\\b|_)(?:api[_ -]?key|secret|token|passw(?:or)?d|passphrase|pwd|passwort|kennwort)\\b[\"']?\\s*(?:is|lautet|[:=])\\s*[\"']?([^\\s\"'<>,;]{6,})",
                    Clues.anyCase("key", "secret", "token", "passw", "passphrase", "pwd", "kennwort")),
            // Addresses with a password inside
            form("[a-z][a-z0-9+.-]*://[^\\s/:@]*:([^\\s/:@]{3,})@", Clues.any("://")));

    private Secrets() {}

    private static Finder form(String pattern, Predicate<String> clue) {
        return new Finder.Expression(KIND, clue, Pattern.compile(pattern), found -> true, found -> found);
    }

    static List<Finder> finders() {
        List<Finder> finders = new ArrayList<>(FORMS);
        finders.add(new TellingKeys());
        return finders;
    }
}
