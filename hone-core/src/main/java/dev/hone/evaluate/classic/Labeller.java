package dev.hone.evaluate.classic;

/** Says which label a text has. Made by learning from texts with their labels. */
@FunctionalInterface
interface Labeller {
    String label(String text);
}
