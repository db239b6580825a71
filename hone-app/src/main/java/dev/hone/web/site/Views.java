package dev.hone.web.site;

import dev.hone.record.Person.Membership;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Duration;

/** Pages from templates, which the build compiles. What is not a template's own is text: it is escaped for where it stands. */
final class Views {
    static final String THEME = "hone_theme";
    static final String SHORTCUTS = "hone_shortcuts";

    /** How long somebody's choice is kept. */
    static final Duration KEPT = Duration.ofDays(365);

    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(ContentType.Html);

    private final Assets assets;

    Views(Assets assets) {
        this.assets = assets;
    }

    /** @param template without its folder and ending */
    String html(String template, Object page) {
        StringOutput html = new StringOutput();
        TEMPLATES.render("site/" + template + ".jte", page, html);
        return html.toString();
    }

    Answer page(String template, Object page) {
        return new Answer.Html(200, html(template, page));
    }

    /** What stands around a page of a project. */
    Shell shell(Ask ask, String section, String title) {
        Membership in = ask.membership();
        return new Shell(title, section, assets, theme(ask), shortcuts(ask), ask.visitor(), in, ask.address());
    }

    /** What stands around a page of no project. */
    Shell bare(Ask ask, String title) {
        return new Shell(title, "", assets, theme(ask), shortcuts(ask), null, null, ask.address());
    }

    private static boolean shortcuts(Ask ask) {
        return !"off".equals(ask.cookie(SHORTCUTS));
    }

    private static String theme(Ask ask) {
        return switch (ask.cookie(THEME)) {
            case "light" -> "light";
            case "dark" -> "dark";
            case null, default -> "";
        };
    }
}
