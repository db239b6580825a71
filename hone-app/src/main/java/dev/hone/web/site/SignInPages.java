package dev.hone.web.site;

import dev.hone.capture.TrustedProxies;
import dev.hone.capture.access.Secret;
import dev.hone.fetch.Hashes;
import dev.hone.record.Person.Membership;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.SignIn.Outcome;
import dev.hone.web.access.Visitor;
import dev.hone.web.access.Visitors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** In and out. */
public final class SignInPages {
    /** The field of every form that says of which session it is. */
    static final String TOKEN = "token";

    /** Whoever looks at the form has this cookie, of which the form knows a hash: no other site can sign somebody in. */
    private static final String LOOKING = "hone_sign_in";

    private static final Duration LOOKED = Duration.ofHours(1);

    /** What one may come back to: a page of a project, and nothing of another host. */
    private static final Pattern OURS = Pattern.compile("/p/[A-Za-z0-9%._~/?=&+-]*");

    private final Views views;
    private final SignIn signIn;
    private final Visitors visitors;
    private final Supplier<TrustedProxies> proxies;

    SignInPages(Views views, SignIn signIn, Visitors visitors, Supplier<TrustedProxies> proxies) {
        this.views = views;
        this.signIn = signIn;
        this.visitors = visitors;
        this.proxies = proxies;
    }

    /** The form. */
    public record Page(
            Shell shell,
            String token,
            String then,
            String name,
            @Nullable String trouble) {}

    List<Route> routes() {
        return List.of(
                Route.open("GET", "/", this::home),
                Route.open("GET", "/sign-in", ask -> form(ask, 200, null)),
                Route.open("POST", "/sign-in", this::enter),
                Route.signedIn("POST", "/sign-out", this::leave),
                Route.signedIn("POST", "/theme", this::theme));
    }

    /** Who must sign in first, and comes back to a page, though not to a form that was sent. */
    static Answer first(Ask ask, boolean changes) {
        String address = ask.address();
        String door = changes || !OURS.matcher(address).matches()
                ? "/sign-in"
                : "/sign-in?then=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
        if (ask.header("HX-Request") != null) {
            // A part of a page: the whole goes there, instead of the part being replaced by a page that has none.
            ask.response().getHeaders().put("HX-Redirect", door);
            return new Answer.Html(401, "");
        }
        return new Answer.See(door);
    }

    private Answer home(Ask ask) {
        Visitor visitor = ask.visitorOrNull();
        if (visitor == null) {
            return new Answer.See("/sign-in");
        }
        List<Membership> memberships = visitor.person().memberships();
        if (memberships.isEmpty()) {
            throw new PageRefusal(403, "You belong to no project: whoever runs Hone adds you by hone people add.");
        }
        return new Answer.See("/p/" + memberships.getFirst().projectName());
    }

    private Answer form(Ask ask, int status, @Nullable String trouble) {
        String cookie = ask.cookie(LOOKING);
        if (cookie == null || cookie.isEmpty()) {
            cookie = Secret.random().text();
        }
        Cookies.set(ask.request(), ask.response(), LOOKING, cookie, LOOKED);
        String then = Objects.requireNonNullElse(ask.query("then"), ask.form("then"));
        return new Answer.Html(
                status,
                views.html(
                        "sign-in",
                        new Page(views.bare(ask, "Sign in"), token(cookie), then, ask.form("name"), trouble)));
    }

    private static String token(String cookie) {
        return Hashes.sha256("sign-in " + cookie);
    }

    private Answer enter(Ask ask) throws InterruptedException {
        String cookie = ask.cookie(LOOKING);
        if (cookie == null) {
            return form(
                    ask,
                    403,
                    "Your browser did not send our cookie back. Over plain HTTP it keeps cookies of this machine alone: put TLS in front of Hone, and let cookies through.");
        }
        if (!MessageDigest.isEqual(
                token(cookie).getBytes(StandardCharsets.UTF_8), ask.form(TOKEN).getBytes(StandardCharsets.UTF_8))) {
            return form(ask, 403, "The form had grown old: try again.");
        }
        return switch (signIn.attempt(ask.form("name"), ask.typed("password"), ask.remote(proxies.get()))) {
            case Outcome.In(Secret session) -> {
                Cookies.remove(ask.request(), ask.response(), LOOKING);
                Cookies.set(ask.request(), ask.response(), Site.SESSION, session.text(), Visitors.LONGEST);
                String then = ask.form("then");
                yield new Answer.See(OURS.matcher(then).matches() ? then : "/");
            }
            case Outcome.Wrong wrong -> form(ask, 401, "Name or password is wrong.");
            case Outcome.Wait(Duration time) ->
                form(
                        ask,
                        429,
                        "There were too many attempts: try again in %d min."
                                .formatted(time.plusSeconds(59).toMinutes()));
        };
    }

    private Answer leave(Ask ask) {
        visitors.signOut(ask.visitor());
        Cookies.remove(ask.request(), ask.response(), Site.SESSION);
        return new Answer.See("/sign-in");
    }

    private Answer theme(Ask ask) {
        String theme = ask.form("theme");
        if (List.of("light", "dark").contains(theme)) {
            Cookies.set(ask.request(), ask.response(), Views.THEME, theme, Views.KEPT);
        } else {
            Cookies.remove(ask.request(), ask.response(), Views.THEME);
        }
        return new Answer.See(OURS.matcher(ask.form("then")).matches() ? ask.form("then") : "/");
    }
}
