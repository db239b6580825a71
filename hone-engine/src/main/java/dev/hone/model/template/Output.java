package dev.hone.model.template;

import java.util.List;

/** Text under construction, held to the budget. */
final class Output {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    Output(Budget budget) {
        this.budget = budget;
    }

    Output append(String part) {
        budget.admit((long) text.length() + part.length());
        budget.spendOn(part.length());
        text.append(part);
        return this;
    }

    int length() {
        return text.length();
    }

    Value.Text value() {
        return new Value.Text(text.toString());
    }

    static String join(String separator, List<String> parts, Budget budget) {
        Output output = budget.output();
        for (int i = 0; i < parts.size(); i++) {
            output.append(i == 0 ? "" : separator).append(parts.get(i));
        }
        return output.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
