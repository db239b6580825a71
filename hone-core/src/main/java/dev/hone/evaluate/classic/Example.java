package dev.hone.evaluate.classic;

import dev.hone.record.Task;

/** A text with its label. */
record Example(String text, String label) {
    static Example of(Task task) {
        return new Example(task.question(), task.reference());
    }
}
