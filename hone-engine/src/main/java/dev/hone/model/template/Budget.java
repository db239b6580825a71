package dev.hone.model.template;

/** What one render has left of its {@link Limits}. */
final class Budget {
    private final Limits limits;
    private long work;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    /** Charges units of evaluation. */
    void spend(long units) {
        work += units;
        if (work > limits.work()) {
            throw new Failure("the template does too much: more than [%d] steps".formatted(limits.work()));
        }
    }

    /** Charges going through so many characters or items. */
    void spendOn(long size) {
        spend(1 + size / 16);
    }

    void enter() {
        if (++depth > limits.nesting()) {
            throw new Failure("calls nest deeper than [%d]".formatted(limits.nesting()));
        }
    }

    void leave() {
        depth--;
    }

    /** Refuses a text or list that would be longer than what may be produced. */
    void admit(long size) {
        if (size > limits.characters()) {
            throw new Failure(
                    "the template produces too much: more than [%d] characters".formatted(limits.characters()));
        }
    }

    Output output() {
        return new Output(this);
    }
}
