package dev.hone.grade;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code label}: whether an output is the task's class, by its name or one of its aliases, in whatever case and spacing. The
 * output is the label and nothing else, but for quotes and a full stop.
 */
public final class LabelGrader implements Grader {
    private static final int MOST_CHARACTERS = 1_000;
    private static final Pattern AROUND = Pattern.compile("^[\\s\"'`*.]+|[\\s\"'`*.]+$");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final Map<String, String> classes = new HashMap<>();

    /**
     * @param aliases other names of each class; a class without any has an empty list
     * @throws IllegalArgumentException when there are fewer than two classes, or a name is of two
     */
    public LabelGrader(Map<String, List<String>> aliases) {
        if (aliases.size() < 2) {
            throw new IllegalArgumentException("Labels need at least two classes, not [%d]: every answer would be right"
                    .formatted(aliases.size()));
        }
        aliases.forEach((name, others) -> {
            add(name, name);
            others.forEach(alias -> add(alias, name));
        });
    }

    private void add(String alias, String name) {
        String before = classes.putIfAbsent(normalised(alias), name);
        if (before != null && !before.equals(name)) {
            throw new IllegalArgumentException("[%s] is a name of two classes, [%s] and [%s]: leave one of them out"
                    .formatted(alias, before, name));
        }
    }

    /** The class that a text names; null when none. */
    public @Nullable String classOf(String text) {
        return text.length() > MOST_CHARACTERS ? null : classes.get(normalised(text));
    }

    private static String normalised(String text) {
        return SPACES.matcher(AROUND.matcher(text).replaceAll(""))
                .replaceAll(" ")
                .toLowerCase(Locale.ROOT);
    }

    /**
     * The class that is right.
     *
     * @throws IllegalArgumentException when the task's reference is no class
     */
    String right(Task task) {
        String right = classOf(task.reference());
        if (right == null) {
            throw new IllegalArgumentException("Task [%s] has the reference [%s], which is none of the classes"
                    .formatted(task.id(), task.reference()));
        }
        return right;
    }

    /** @throws IllegalArgumentException when the task's reference is no class */
    @Override
    public Grade grade(Task task, String output) {
        String right = right(task);
        String given = classOf(output);
        if (given == null) {
            return new Grade(0, Map.of("known", 0.0), "The output is none of the classes");
        }
        boolean same = given.equals(right);
        return new Grade(
                same ? 1 : 0, Map.of("known", 1.0), same ? "" : "[%s] instead of [%s]".formatted(given, right));
    }
}
