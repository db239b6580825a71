package dev.hone.capture.gateway;

import java.util.Arrays;

/**
 * Bytes of which most lines are like the one before, as a stream's events are: of each line only what differs is held. An event with one
 * token of a text takes a fifth of its length. On one thread.
 */
final class LineDeltas {
    /** Of what is held before it is compared: what has no lines is held as it is. */
    private static final int LONGEST_LINE = 1 << 16;

    /** Shorter lines, as those between events, are nothing to compare others with. */
    private static final int SHORTEST_PATTERN = 16;

    /** Lines, each as how much of the pattern begins and ends it, and what stands between. */
    private byte[] held = new byte[256];

    private int size;
    private byte[] line = new byte[512];
    private int lineSize;

    /** The last line that is worth comparing others with. */
    private byte[] pattern = new byte[512];

    private int patternSize;
    private int length;

    /** How many bytes were written. */
    int length() {
        return length;
    }

    /** How many bytes they take. */
    int heldBytes() {
        return size + lineSize + patternSize;
    }

    void write(byte[] bytes, int count) {
        length += count;
        int from = 0;
        while (from < count) {
            int to = from;
            while (to < count && bytes[to] != '\n') {
                to++;
            }
            boolean ends = to < count;
            to = Math.min(count, to + 1);
            line = room(line, lineSize, to - from);
            System.arraycopy(bytes, from, line, lineSize, to - from);
            lineSize += to - from;
            if (ends || lineSize >= LONGEST_LINE) {
                end();
            }
            from = to;
        }
    }

    private void end() {
        int most = Math.min(lineSize, patternSize);
        int differs = Arrays.mismatch(line, 0, most, pattern, 0, most);
        int begins = differs < 0 ? most : differs;
        int ends = 0;
        while (ends < most - begins && line[lineSize - 1 - ends] == pattern[patternSize - 1 - ends]) {
            ends++;
        }
        int between = lineSize - begins - ends;
        number(begins);
        number(ends);
        number(between);
        held = room(held, size, between);
        System.arraycopy(line, begins, held, size, between);
        size += between;
        if (isPattern(lineSize)) {
            byte[] free = pattern;
            pattern = line;
            patternSize = lineSize;
            line = free;
        }
        lineSize = 0;
    }

    private static boolean isPattern(int lineSize) {
        return lineSize >= SHORTEST_PATTERN && lineSize < LONGEST_LINE;
    }

    /** Seven bits a byte, the low ones first; the eighth says that more follow. */
    private void number(int value) {
        held = room(held, size, 5);
        int rest = value;
        while (rest > 0x7f) {
            held[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        held[size++] = (byte) rest;
    }

    private static byte[] room(byte[] array, int used, int more) {
        return array.length - used >= more ? array : Arrays.copyOf(array, Math.max(2 * array.length, used + more));
    }

    /** All that was written. */
    byte[] toByteArray() {
        byte[] all = new byte[length];
        int[] at = {0};
        int to = 0;
        int patternFrom = 0;
        int patternLength = 0;
        while (at[0] < size) {
            int begins = number(at);
            int ends = number(at);
            int between = number(at);
            int from = to;
            System.arraycopy(all, patternFrom, all, to, begins);
            to += begins;
            System.arraycopy(held, at[0], all, to, between);
            at[0] += between;
            to += between;
            System.arraycopy(all, patternFrom + patternLength - ends, all, to, ends);
            to += ends;
            if (isPattern(to - from)) {
                patternFrom = from;
                patternLength = to - from;
            }
        }
        System.arraycopy(line, 0, all, to, lineSize);
        return all;
    }

    private int number(int[] at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte one = held[at[0]++];
            value |= (one & 0x7f) << shift;
            if (one >= 0) {
                return value;
            }
        }
    }

    /** Forgets all of it. */
    void reset() {
        size = 0;
        lineSize = 0;
        patternSize = 0;
        length = 0;
    }
}
