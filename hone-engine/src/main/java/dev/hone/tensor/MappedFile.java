package dev.hone.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file mapped read-only.
 *
 * @param path the file
 * @param arena owner of the mapping
 * @param bytes the whole file, readable by every thread
 */
record MappedFile(Path path, Arena arena, MemorySegment bytes) implements AutoCloseable {

    @SuppressWarnings("MustBeClosed") // closed with this, or on failure
    static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ModelFileException(
                    path, Files.exists(path) ? "is not a regular file" : "does not exist", "check the path");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            arena.close();
            throw new ModelFileException(path, "cannot be read: " + e, "check its permissions and its disk", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
