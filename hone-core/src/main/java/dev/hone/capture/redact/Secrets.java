package dev.hone.capture.redact;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/** Finds keys and passwords: by the forms that services give them, after words that announce one, and under keys that tell. */
final class Secrets {
    static final String KIND = "SECRET";

    private static final List<String> FORMS = List.of(
            // OpenAI, Anthropic, Stripe
            "\\b((?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,})",
            // Hone
            "\\b(hone_[A-Za-z0-9_-]{20,})",
            // GitHub, GitLab, Hugging Face, Slack
            "\\b(gh[pousr]_[A-Za-z0-9]{20,})",
            "\\b(github_pat_[A-Za-z0-9_]{20,})",
            "\\b(glpat-[A-Za-z0-9_-]{20,})",
            "\\b(hf_[A-Za-z0-9]{20,})",
            "\\b(xox[abeoprs]-[A-Za-z0-9-]{10,})",
            // Amazon, Google
            "\\b((?:AKIA|ASIA)[A-Z0-9]{16})\\b",
            "\\b(AIza[A-Za-z0-9_-]{35})",
            // JSON Web Tokens
            "\\b(eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*)",
            // PEM
            "(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----)",
            // Announced ones
            "(?i)\\bbearer\\s+([A-Za-z0-9._~+/=-]{12,})",
            "(?i)\\b(?:api[_ -]?key|secret|token|passw(?:or)?d|passphrase|pwd|passwort|kennwort)\\b[\"']?\\s*(?:is|lautet|[:=])\\s*[\"']?([^\\s\"'<>,;]{6,})",
            // Addresses with a password inside
            "[a-z][a-z0-9+.-]*://[^\\s/:@]*:([^\\s/:@]{3,})@");

    private Secrets() {}

    static List<Finder> finders() {
        List<Finder> finders = new ArrayList<>();
        for (String form : FORMS) {
            finders.add(new Finder.Expression(KIND, Pattern.compile(form), found -> true, found -> found));
        }
        finders.add(new TellingKeys());
        return finders;
    }
}
