package dev.hone.web.site;

import dev.hone.record.Person;
import dev.hone.record.Role;
import dev.hone.store.People;
import dev.hone.web.access.Passwords;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who else is in a project. */
public final class PeoplePage {
    private final Views views;
    private final People people;

    PeoplePage(Views views, People people) {
        this.views = views;
        this.people = people;
    }

    /**
     * The people.
     *
     * @param made name of a new person; null where none was made
     * @param password of the new person, shown this once
     */
    public record Page(
            Shell shell,
            List<Person> people,
            String self,
            @Nullable String made,
            @Nullable String password,
            @Nullable String trouble) {

        public List<Role> roles() {
            return Arrays.asList(Role.values());
        }

        public Role role(Person person) {
            return person.memberships().getFirst().role();
        }
    }

    List<Route> routes() {
        return List.of(
                SettingsTab.PEOPLE.get(ask -> show(ask, null, null, null)),
                SettingsTab.PEOPLE.post("", this::add),
                SettingsTab.PEOPLE.post("/{name}/role", this::grant),
                SettingsTab.PEOPLE.post("/{name}/remove", this::remove));
    }

    private Answer show(Ask ask, @Nullable String made, @Nullable String password, @Nullable String trouble) {
        return new Answer.Html(
                trouble == null ? 200 : 422,
                views.html(
                        "people",
                        new Page(
                                views.shell(ask, "settings", "People"),
                                people.members(ask.project()),
                                ask.who(),
                                made,
                                password,
                                trouble)));
    }

    private Answer add(Ask ask) {
        String name = ask.form("name");
        String password = Passwords.random();
        try {
            people.add(name, Passwords.hash(password), ask.membership().projectName(), role(ask), ask.who());
        } catch (IllegalArgumentException e) {
            return show(
                    ask,
                    null,
                    null,
                    e.getMessage() + ". Somebody who has a name already joins by hone people add, where Hone runs.");
        }
        return show(ask, name, password, null);
    }

    private Answer grant(Ask ask) {
        people.grant(other(ask), ask.membership().projectName(), role(ask), ask.who());
        return new Answer.See(ask.below(SettingsTab.PEOPLE.path()));
    }

    private Answer remove(Ask ask) {
        people.remove(other(ask), ask.membership().projectName(), ask.who());
        return new Answer.See(ask.below(SettingsTab.PEOPLE.path()));
    }

    /** Somebody of this project; nobody locks themselves out. */
    private String other(Ask ask) {
        String name = ask.part("name");
        if (people.members(ask.project()).stream().noneMatch(one -> one.name().equals(name))) {
            throw PageRefusal.notFound();
        }
        if (name.equals(ask.who())) {
            throw new PageRefusal(403, "Another owner can change what you are, or take you out; you cannot.");
        }
        return name;
    }

    private static Role role(Ask ask) {
        return Arrays.stream(Role.values())
                .filter(role -> role.text().equals(ask.form("role")))
                .findFirst()
                .orElseThrow(() -> new PageRefusal(400, "There is no such role."));
    }
}
