package dev.hone.evaluate;

import java.util.function.DoublePredicate;

/**
 * One contender against another on the tasks that both answered: what was seen, and from where on the first would be shown to be better.
 *
 * @param wins tasks that a alone has right
 * @param losses tasks that b alone has right
 * @param rightB tasks that b has right
 */
record Duel(String a, String b, int rows, int wins, int losses, int rightB, PairedComparison paired) {
    static Duel of(Judged a, Judged b, long seed) {
        Judged.Pair pair = Judged.Pair.of(a, b);
        int wins = 0;
        int losses = 0;
        int rightB = 0;
        for (int i = 0; i < pair.a().length; i++) {
            wins += pair.a()[i] > pair.b()[i] ? 1 : 0;
            losses += pair.a()[i] < pair.b()[i] ? 1 : 0;
            rightB += pair.b()[i] == 1 ? 1 : 0;
        }
        PairedComparison paired = PairedComparison.of(pair.a(), pair.b(), seed);
        return new Duel(a.contender(), b.contender(), pair.a().length, wins, losses, rightB, paired);
    }

    double quality() {
        return (double) (rightB + lead()) / rows;
    }

    double otherQuality() {
        return (double) rightB / rows;
    }

    private int lead() {
        return wins - losses;
    }

    /** Whether a is better, and the test's p is taken. */
    boolean shown(DoublePredicate taken) {
        return lead() > 0 && taken.test(paired.p());
    }

    /** The same if b had so many more right, of those that a alone has now. */
    boolean shownWith(int more, DoublePredicate taken) {
        return lead() - more > 0 && taken.test(PairedComparison.mcNemar(Math.max(0, wins - more), losses));
    }

    /**
     * The quality of a at and above which it is shown to be better, below which it is not. Exactly one of both has right as many rows as now; or as many as if both
     * were as good as b and erred independently, where that is fewer and a has not so many already without being shown to be better.
     */
    double needed(DoublePredicate taken) {
        int now = leastLead(wins + losses, taken);
        double share = otherQuality();
        int independent = leastLead((int) Math.min(wins + losses, Math.round(2 * share * (1 - share) * rows)), taken);
        boolean contradicted = independent <= lead() && !shown(taken);
        return (double) (rightB + (contradicted ? now : independent)) / rows;
    }

    /**
     * By how many rows one must win more than it loses, for McNemar's test to show it.
     *
     * @param decided rows that exactly one has right; one fewer where that is what the lead leaves, since both are odd or even; as many as the lead where that is more
     */
    static int leastLead(int decided, DoublePredicate taken) {
        for (int lead = 1; ; lead++) {
            int rows = lead >= decided ? lead : decided - (decided - lead) % 2;
            int wins = (rows + lead) / 2;
            if (taken.test(PairedComparison.mcNemar(wins, rows - wins))) {
                return lead;
            }
        }
    }
}
