package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MiniLmTest {
    private static final MiniLm MODEL = new MiniLm();

    @Test
    void textsOfLikeMeaningPointTheSameWay() {
        float[] overflow = MODEL.embed("a heap-based buffer overflow in the image parser");
        double near = cosine(overflow, MODEL.embed("out-of-bounds write when decoding a picture"));
        double far = cosine(overflow, MODEL.embed("the password is stored without encryption"));
        assertEquals(384, overflow.length);
        assertEquals(1, cosine(overflow, overflow), 1e-4);
        assertTrue(near > far + 0.1, near + " against " + far);
    }

    @Test
    void oneTextHasOneVector() {
        assertArrayEquals(MODEL.embed("path traversal"), MODEL.embed("path traversal"));
        assertEquals(384, MODEL.embed("").length, "also the empty text has one");
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
