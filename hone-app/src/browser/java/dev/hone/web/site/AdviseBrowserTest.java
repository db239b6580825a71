package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.hone.advise.PriceReader;
import dev.hone.record.Feedback;
import dev.hone.record.Role;
import dev.hone.run.Advising;
import dev.hone.store.People;
import dev.hone.store.Projects;
import dev.hone.web.access.Passwords;
import dev.hone.web.site.SiteTraces.Draft;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A person looks at what hone advise said, and moves the sliders, with Chromium: {@code mvn -Pbrowser}. */
final class AdviseBrowserTest {
    private static final String PROJECT = "advised-shop";
    private static final SiteFixture SITE = SiteFixture.open();
    private static final List<String> INSTRUCTIONS = List.of(
            "Write a friendly reply to the customer of our shop and look the order up before you say anything.",
            "Which of our four queues does the message of the customer belong to? Answer with its name.",
            "Write the title and the five tags of a product for our catalogue from what its maker says.",
            "Rewrite what somebody typed into the search of the shop so that our index finds it.");

    private static Chromium chromium;

    @BeforeAll
    static void start() throws IOException {
        new Projects(SITE.database).add(PROJECT);
        new People(SITE.database)
                .add("grace-advised", Passwords.hash(SiteFixture.PASSWORD), PROJECT, Role.OWNER, "test");
        List<Draft> drafts = new ArrayList<>();
        Instant now = Instant.now();
        for (int i = 0; i < 900; i++) {
            int job = i % 9 < 5 ? 0 : i % 9 < 7 ? 1 : i % 9 < 8 ? 2 : 3;
            Draft draft = Draft.at(now.minus(Duration.ofMinutes(4L * i)));
            draft.project = PROJECT;
            draft.route = List.of("replies", "queues", "catalogue", "search").get(job);
            draft.cost = List.of("0.0440", "0.0210", "0.0090", "0.0004").get(job);
            draft.request =
                    "{\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"Message %d about order %d\"}]}"
                            .formatted(INSTRUCTIONS.get(job), i, i * 7);
            draft.response = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
                    .formatted(job == 1 ? "queue-" + i % 4 : "Thank you, number %d is on its way.".formatted(i));
            drafts.add(draft);
        }
        SiteTraces traces = new SiteTraces(SITE.database);
        traces.add(drafts.toArray(Draft[]::new));
        for (int i = 2; i < 900; i += 9) {
            traces.judge(drafts.get(i), Feedback.Kind.BOOLEAN, "rating", i % 4 == 0 ? 0 : 1);
        }
        // Of queues and catalogue most are good, and of what is typed into the search nobody says anything.
        for (int i = 0; i < 900; i++) {
            if (i % 9 == 5 || i % 9 == 7) {
                traces.judge(drafts.get(i), Feedback.Kind.BOOLEAN, "rating", i % 5 == 0 ? 0 : 1);
            }
        }
        new Advising(SITE.database)
                .run(
                        new Advising.Options(
                                PROJECT,
                                30,
                                20,
                                2_000,
                                PriceReader.committed(),
                                (BigDecimal) null,
                                Advising.Embedding.WORDS,
                                Map.of()),
                        "root (command line)",
                        now,
                        new Advising.Listener() {
                            @Override
                            public void read(long done, long total) {}

                            @Override
                            public void embedded(long done, long total) {}
                        });
        chromium = Chromium.start();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static String months(Page page) {
        return page.locator("#result strong").first().textContent();
    }

    private static void untilOther(Page page, String before) {
        for (int i = 0; i < 200 && months(page).equals(before); i++) {
            page.waitForTimeout(50);
        }
        assertNotEquals(before, months(page));
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void slidersWorkItOutAnew(ColorScheme scheme) {
        try (Visit visit = chromium.visit(SITE.url, scheme).signIn("grace-advised")) {
            Page page = visit.page;
            visit.go("a", "Advise");
            visit.beAccessible("advise");
            visit.shootWhole("advise");
            visit.keys("j", "Enter");
            page.waitForSelector("form.sliders");
            visit.beAccessible("advice");
            visit.shootWhole("advice");
            String before = months(page);
            page.locator("input[type=range][data-for=calls]").focus();
            visit.keys("PageUp", "PageUp", "PageUp");
            untilOther(page, before);
            String more = months(page);
            page.locator("input[name=expert-hour]").fill("400");
            untilOther(page, more);
            visit.beAccessible("advice, moved");
            visit.shootWhole("advice-moved");
        }
    }
}
