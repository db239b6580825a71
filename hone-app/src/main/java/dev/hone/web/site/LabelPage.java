package dev.hone.web.site;

import dev.hone.charter.Charter;
import dev.hone.improve.Agreement;
import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.watch.Agreements;
import dev.hone.watch.LabelDesk;
import dev.hone.watch.LabelDesk.Expert;
import dev.hone.watch.LabelDesk.Say;
import dev.hone.watch.LabelItem;
import dev.hone.watch.Subject;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls before experts, one after the other: what is right, by single keys. */
public final class LabelPage {
    static final String PATH = "/label";

    /** Of an answer that is edited here, so that the form takes it. */
    private static final int LONGEST_EDITED = 10_000;

    /** Classes that have a key of their own. */
    private static final int KEYS = 9;

    private final Views views;
    private final Database database;
    private final LabelDesk desk;
    private final Agreements agreements;
    private final Supplier<List<Charter>> charters;
    private final AuditLog audit;
    private final Readings readings;
    private final InstantSource clock;

    /** @param charters throws {@link IllegalArgumentException} where they cannot be read */
    LabelPage(
            Views views,
            Database database,
            LabelDesk desk,
            Supplier<List<Charter>> charters,
            AuditLog audit,
            InstantSource clock) {
        this.views = views;
        this.database = database;
        this.desk = desk;
        this.agreements = new Agreements(database);
        this.charters = charters;
        this.audit = audit;
        this.readings = new Readings(audit);
        this.clock = clock;
    }

    /** A use case that can be labelled. @param waiting as far as it is counted */
    public record Row(String useCase, int waiting, int done) {}

    /** @param agreements by use case, of those where two have labelled the same */
    public record Index(Shell shell, List<Row> rows, Map<String, Agreement.Result> agreements) {}

    /**
     * A call.
     *
     * @param item null where nothing waits
     * @param asked what the model was asked
     * @param first its answer, or the first of two
     * @param second of two; empty where there is one
     * @param done how many the person labelled today
     * @param said what was done last; empty for nothing
     * @param trouble why something was not taken; null where it was
     * @param fragment whether it is a part of a page that is there
     */
    public record Page(
            Shell shell,
            String useCase,
            @Nullable LabelItem item,
            @Nullable Transcript asked,
            List<Transcript.Said> first,
            List<Transcript.Said> second,
            int done,
            String said,
            @Nullable String trouble,
            boolean fragment) {
        public Page {
            first = List.copyOf(first);
            second = List.copyOf(second);
        }

        /** Where the person says something of the call. */
        public String action() {
            return shell.at(PATH + "/" + useCase + "/" + (item == null ? "" : item.trace()));
        }

        public String undo() {
            return shell.at(PATH + "/" + useCase + "/undo");
        }

        public String raw(String part) {
            return shell.at(TracesPage.PATH + "/" + (item == null ? "" : item.trace()) + "/" + part);
        }

        /** Classes with a key. */
        public List<String> keyed() {
            return item == null
                    ? List.of()
                    : item.classes().subList(0, Math.min(KEYS, item.classes().size()));
        }

        public boolean hasMore() {
            return item != null && item.classes().size() > KEYS;
        }

        /** Whether the answer can be written anew here. */
        public boolean isEditable() {
            return item != null && item.output().length() <= LONGEST_EDITED;
        }

        public int waiting() {
            return item == null ? 0 : item.waiting();
        }
    }

    List<Route> routes() {
        return List.of(
                Route.of(Role.EXPERT, "GET", PATH, this::index),
                Route.of(Role.EXPERT, "GET", PATH + "/{name}", this::show),
                Route.of(Role.EXPERT, "POST", PATH + "/{name}/undo", this::undo),
                Route.of(Role.EXPERT, "POST", PATH + "/{name}/{trace}", this::take));
    }

    private static Expert expert(Ask ask) {
        return new Expert(ask.who(), ask.membership().projectName());
    }

    private List<Subject> subjects(Ask ask) {
        List<Charter> all;
        try {
            all = charters.get();
        } catch (IllegalArgumentException e) {
            throw new PageRefusal(
                    503, "The charters cannot be read, so that nobody knows what may be answered: " + e.getMessage());
        }
        List<Subject> subjects = new ArrayList<>();
        for (Charter charter : all) {
            if (Subject.project(charter).equals(ask.membership().projectName())) {
                Subject.of(database, charter).ifPresent(subjects::add);
            }
        }
        return subjects;
    }

    private Subject subject(Ask ask) {
        return subjects(ask).stream()
                .filter(one -> one.name().equals(ask.part("name")))
                .findFirst()
                .orElseThrow(PageRefusal::notFound);
    }

    private Instant today() {
        return clock.instant().truncatedTo(ChronoUnit.DAYS);
    }

    private Answer index(Ask ask) {
        List<Row> rows = new ArrayList<>();
        Map<String, Agreement.Result> shared = new java.util.TreeMap<>();
        for (Subject subject : subjects(ask)) {
            rows.add(new Row(
                    subject.name(),
                    desk.next(subject, expert(ask), clock.instant())
                            .map(LabelItem::waiting)
                            .orElse(0),
                    desk.count(subject, expert(ask), today())));
            Agreement.Result agreement = agreements.of(subject);
            if (agreement.alpha().items() > 0) {
                shared.put(subject.name(), agreement);
            }
        }
        return views.page("labels", new Index(views.shell(ask, "label", "Label"), rows, shared));
    }

    private Answer show(Ask ask) {
        Subject subject = subject(ask);
        UUID trace = ask.queryId("trace");
        Optional<LabelItem> item = trace == null
                ? desk.next(subject, expert(ask), clock.instant())
                : desk.item(subject, expert(ask), trace, clock.instant());
        return answer(ask, subject, item, "", null);
    }

    private Answer take(Ask ask) throws IOException, InterruptedException {
        Subject subject = subject(ask);
        UUID trace = ask.id("trace");
        Say say = say(ask);
        try {
            String done = desk.take(subject, expert(ask), trace, say, clock.instant());
            audit.add(AuditEntry.now(
                    ask.who(),
                    ask.project(),
                    "label.add",
                    trace.toString(),
                    Map.of("use-case", subject.name(), "done", done)));
            return isFragment(ask)
                    ? answer(ask, subject, desk.next(subject, expert(ask), clock.instant()), done, null)
                    : new Answer.See(ask.below(PATH + "/" + subject.name()));
        } catch (LabelDesk.Refused refused) {
            return answer(
                    ask,
                    subject,
                    desk.item(subject, expert(ask), trace, clock.instant()),
                    "",
                    String.valueOf(refused.getMessage()));
        }
    }

    private static Say say(Ask ask) {
        String named = ask.form("class");
        if (!named.isEmpty()) {
            return new Say.Named(named);
        }
        return switch (ask.form("say")) {
            case "right" -> new Say.Right();
            case "text" -> new Say.Text(ask.typed("text"), false);
            case "call" -> new Say.Text(ask.typed("text"), true);
            case "answer" -> new Say.Written(ask.typed("text"));
            case "first" -> new Say.Better(true, false);
            case "second" -> new Say.Better(false, false);
            case "first-right" -> new Say.Better(true, true);
            case "second-right" -> new Say.Better(false, true);
            case "same" -> new Say.Same();
            case "skip" -> new Say.Skip();
            default -> throw new PageRefusal(400, "Nothing was said of the call.");
        };
    }

    private Answer undo(Ask ask) throws IOException, InterruptedException {
        Subject subject = subject(ask);
        Optional<UUID> undone = desk.undo(subject, expert(ask), clock.instant());
        undone.ifPresent(trace -> audit.add(AuditEntry.now(
                ask.who(), ask.project(), "label.undo", trace.toString(), Map.of("use-case", subject.name()))));
        String said = undone.isPresent() ? "Taken back" : "There is nothing to take back";
        Optional<LabelItem> item = undone.isPresent()
                ? desk.item(subject, expert(ask), undone.get(), clock.instant())
                : desk.next(subject, expert(ask), clock.instant());
        return isFragment(ask)
                ? answer(ask, subject, item, said, null)
                : new Answer.See(ask.below(PATH + "/" + subject.name()
                        + undone.map(trace -> "?trace=" + trace).orElse("")));
    }

    private static boolean isFragment(Ask ask) {
        return "true".equals(ask.header("HX-Request"));
    }

    private Answer answer(Ask ask, Subject subject, Optional<LabelItem> found, String said, @Nullable String trouble) {
        LabelItem item = found.orElse(null);
        Transcript asked = null;
        List<Transcript.Said> first = List.of();
        List<Transcript.Said> second = List.of();
        if (item != null) {
            readings.add(AuditEntry.now(
                    ask.who(), ask.project(), TracePage.READ, item.trace().toString(), Map.of("for", "label")));
            LabelItem.Pair pair = item.pair();
            asked = Transcript.of(item.request(), null);
            first = Transcript.of(null, pair == null ? item.answer() : pair.first())
                    .answered();
            second = pair == null
                    ? List.of()
                    : Transcript.of(null, pair.second()).answered();
        }
        Page page = new Page(
                views.shell(ask, "label", "Label " + subject.name()),
                subject.name(),
                item,
                asked,
                first,
                second,
                desk.count(subject, expert(ask), today()),
                said,
                trouble,
                isFragment(ask));
        // A part of a page is taken over where it was asked for well alone.
        int status = trouble == null || page.fragment() ? 200 : 422;
        return new Answer.Html(status, views.html(page.fragment() ? "labelitem" : "label", page));
    }
}
