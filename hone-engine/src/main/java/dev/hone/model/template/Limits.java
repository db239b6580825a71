package dev.hone.model.template;

/**
 * What a render may spend: templates come with models from outside, and some are hostile.
 *
 * @param nesting depth of nested blocks, parentheses and macro calls
 * @param work units of evaluation; about one for each node evaluated and one for each 16 characters or items handled
 * @param characters longest text that may be produced, also in between
 */
public record Limits(int nesting, long work, int characters) {
    /** Ample for real templates with long conversations; a hostile template is stopped within seconds. */
    public static final Limits DEFAULT = new Limits(200, 20_000_000, 16_000_000);

    public Limits {
        if (nesting < 1 || work < 1 || characters < 1) {
            throw new IllegalArgumentException("Limits must be positive, not nesting [%d], work [%d], characters [%d]"
                    .formatted(nesting, work, characters));
        }
    }
}
