package dev.hone.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.pytorch.Tensor;

/**
 * Tensors that outlive the scope they were made in. They live until this is closed.
 *
 * <p>What an in-place operation returns is a bare pointer to its left side and owns nothing; so every tensor is kept through
 * a handle of its own.
 */
public final class Ownership implements AutoCloseable {
    private final Deque<Tensor> owned = new ArrayDeque<>();

    /** Carries a tensor out of its scope: a handle that shares its memory and is valid until this is closed. */
    public Tensor keep(Tensor tensor) {
        Tensor handle = new Tensor(tensor);
        handle.retainReference();
        owned.push(handle);
        return handle;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().releaseReference();
        }
    }
}
