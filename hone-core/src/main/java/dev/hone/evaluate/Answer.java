package dev.hone.evaluate;

/**
 * What a contender said to a task.
 *
 * @param output the text
 * @param promptTokens tokens that it read; 0 where it reads none
 * @param completionTokens tokens that it wrote; 0 where it writes none
 */
public record Answer(String output, int promptTokens, int completionTokens) {}
