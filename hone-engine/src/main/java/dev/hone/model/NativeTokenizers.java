package dev.hone.model;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.nio.file.Path;

/**
 * How the native tokenizer library is loaded: from its jar, into the cache folder of this user. Without these properties
 * DJL may download a CUDA build, and reports its use to a server.
 */
final class NativeTokenizers {
    private NativeTokenizers() {}

    static {
        prepare();
    }

    /** Loads the library once; all further use of DJL is after this. */
    static void load() {
        try {
            LibUtils.checkStatus();
        } catch (EngineException e) {
            throw new IllegalStateException(
                    "The tokenizer library does not run on [%s %s]; it has builds for Linux with glibc, macOS and Windows"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                    e);
        }
    }

    /** Must run before the first class of DJL is initialised; what the user set stays. */
    private static void prepare() {
        preset("ai.djl.offline", "true");
        preset("OPT_OUT_TRACKING", "true");
        preset("RUST_FLAVOR", "cpu");
        preset("slf4j.internal.verbosity", "ERROR");
        String home = System.getenv("HONE_HOME");
        Path folder = home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "hone")
                : Path.of(home);
        preset("ENGINE_CACHE_DIR", folder.resolve("native").toString());
    }

    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
