package dev.hone.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The C library's heap, where libtorch keeps tensors. */
public final class NativeHeap {
    private static final Optional<MethodHandle> TRIM = Linker.nativeLinker()
            .defaultLookup()
            .find("malloc_trim")
            .map(address -> Linker.nativeLinker()
                    .downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

    private NativeHeap() {}

    /**
     * Gives pages that hold nothing back to the system. Tensors of ever new sizes leave gaps, which malloc keeps. Does nothing
     * where the C library is not glibc.
     */
    public static void trim() {
        if (TRIM.isEmpty()) {
            return;
        }
        try {
            int released = (int) TRIM.get().invokeExact(0L);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc_trim failed", e);
        }
    }
}
