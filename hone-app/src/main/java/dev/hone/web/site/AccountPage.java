package dev.hone.web.site;

import dev.hone.web.access.SignIn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who one is, one's password, and what keys do. */
public final class AccountPage {
    private final Views views;
    private final SignIn signIn;

    AccountPage(Views views, SignIn signIn) {
        this.views = views;
        this.signIn = signIn;
    }

    /** The form. */
    public record Page(Shell shell, @Nullable String trouble) {}

    List<Route> routes() {
        return List.of(
                SettingsTab.ACCOUNT.get(ask -> show(ask, null)),
                SettingsTab.ACCOUNT.post("/password", this::change),
                SettingsTab.ACCOUNT.post("/shortcuts", AccountPage::shortcuts));
    }

    private static Answer shortcuts(Ask ask) {
        switch (ask.form("shortcuts")) {
            case "off" -> Cookies.set(ask.request(), ask.response(), Views.SHORTCUTS, "off", Views.KEPT);
            case "on" -> Cookies.remove(ask.request(), ask.response(), Views.SHORTCUTS);
            case String other -> throw new PageRefusal(422, "Shortcuts are on or off, not [%s].".formatted(other));
        }
        return new Answer.See(ask.below(SettingsTab.ACCOUNT.path()));
    }

    private Answer show(Ask ask, @Nullable String trouble) {
        return new Answer.Html(
                trouble == null ? 200 : 422,
                views.html("account", new Page(views.shell(ask, "settings", "Account"), trouble)));
    }

    private Answer change(Ask ask) throws InterruptedException {
        try {
            return signIn.change(ask.visitor(), ask.typed("current"), ask.typed("wanted"))
                    ? new Answer.See("/sign-in")
                    : show(ask, "The password that you have is another.");
        } catch (IllegalArgumentException e) {
            return show(ask, e.getMessage());
        }
    }
}
