package dev.hone.cli;

import java.util.ArrayList;
import java.util.List;

/** A line with lines below it, for people. */
final class Tree {
    private final String line;
    private final List<Tree> below = new ArrayList<>();

    Tree(String line) {
        this.line = line;
    }

    /** Adds one below; returns it. */
    Tree add(String text) {
        Tree tree = new Tree(text);
        below.add(tree);
        return tree;
    }

    String text() {
        StringBuilder text = new StringBuilder(line).append('\n');
        write(text, "");
        return text.toString();
    }

    private void write(StringBuilder text, String before) {
        for (int i = 0; i < below.size(); i++) {
            boolean last = i == below.size() - 1;
            text.append(before)
                    .append(last ? "└─ " : "├─ ")
                    .append(below.get(i).line)
                    .append('\n');
            below.get(i).write(text, before + (last ? "   " : "│  "));
        }
    }
}
