package dev.hone.fetch;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A {@code .tar.gz}, of which one member is read in passing: nothing is written where the archive's own paths point. */
final class Tarball {
    /** Inflated: stops an archive that never ends. */
    static final long MOST_BYTES = 1L << 29;

    private final Path file;
    private final long mostBytes;

    Tarball(Path file) {
        this(file, MOST_BYTES);
    }

    Tarball(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
    }

    /**
     * Writes a member's bytes to {@code part}.
     *
     * @throws FetchException when there is no such regular file, it is larger than {@code maxBytes}, or the archive is damaged
     */
    void extract(String member, Path part, long maxBytes) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(new Reading(gunzipped(raw), mostBytes))) {
            seek(tar, member);
            Part.write(part, new Reading(tar, mostBytes), maxBytes);
        }
    }

    private GZIPInputStream gunzipped(InputStream raw) throws FetchException {
        try {
            return new GZIPInputStream(raw, 1 << 16);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void seek(TarArchiveInputStream tar, String member) throws FetchException {
        int entries = 0;
        try {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries++;
                if (entry.getName().equals(member)) {
                    if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink() || !tar.canReadEntryData(entry)) {
                        throw new FetchException("[%s] in the package is no regular file".formatted(member));
                    }
                    return;
                }
            }
        } catch (FetchException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
        throw new FetchException("the package has no file [%s] among its [%d] entries".formatted(member, entries));
    }

    private FetchException unreadable(IOException e) {
        return new FetchException(
                "the package [%s] is not a readable tar.gz: %s".formatted(file.getFileName(), e.getMessage()), e);
    }

    /** Bytes of the archive, no more than so many; a failure to read them is told from one to write them. */
    private final class Reading extends FilterInputStream {
        private long left;

        Reading(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read;
            try {
                read = super.read(buffer, offset, length);
            } catch (FetchException e) {
                throw e;
            } catch (IOException e) {
                throw unreadable(e);
            }
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new FetchException(
                        "the package [%s] holds more than [%d] bytes".formatted(file.getFileName(), mostBytes));
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] buffer = new byte[(int) Math.clamp(count, 0, 1 << 16)];
            return Math.max(0, read(buffer, 0, buffer.length));
        }
    }
}
