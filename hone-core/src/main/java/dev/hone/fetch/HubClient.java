package dev.hone.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Downloads files from the Hugging Face hub. Follows its redirects to the content network, never from https to http;
 * continues an interrupted transfer while the hub still names the same version.
 */
final class HubClient {
    private static final int MAX_REDIRECTS = 5;
    private static final int ATTEMPTS = 3;

    private final URI endpoint;
    private final ProxySelector proxy;
    private final Duration patience;

    /**
     * @param endpoint the hub, or a mirror
     * @param proxy on the way there
     * @param patience to connect, for an answer to begin, and between two pieces of it
     */
    HubClient(URI endpoint, ProxySelector proxy, Duration patience) {
        this.endpoint = endpoint;
        this.proxy = proxy;
        this.patience = patience;
    }

    /**
     * What the hub said of a file that has come.
     *
     * @param commit that the revision meant; empty when it did not say
     * @param sha256 that the hub names for a large file; empty when it names none
     */
    record Received(String commit, String sha256) {}

    /** What a hub says of a file before its bytes. */
    private record Version(String commit, String etag) {
        Received received() {
            String bare = etag.replace("\"", "");
            return new Received(commit, bare.matches("[0-9a-f]{64}") ? bare : "");
        }
    }

    Received download(Source.Hub file, Path part, long maxBytes, Part.Progress progress) throws IOException {
        URI start = URI.create("%s/%s/resolve/%s/%s"
                .formatted(
                        endpoint.toString().replaceFirst("/+$", ""), file.repository(), file.revision(), file.path()));
        requireProxy(start);
        try (HttpClient client = HttpClient.newBuilder()
                .proxy(proxy)
                .connectTimeout(patience)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(client, start, part, maxBytes, progress);
                } catch (BrokenTransfer e) {
                    if (attempt == ATTEMPTS) {
                        throw new FetchException(String.valueOf(e.getMessage()), e);
                    }
                }
            }
        }
    }

    private void requireProxy(URI uri) throws FetchException {
        try {
            proxy.select(uri);
        } catch (IllegalArgumentException e) {
            throw new FetchException(String.valueOf(e.getMessage()), e);
        }
    }

    private Received attempt(HttpClient client, URI start, Path part, long maxBytes, Part.Progress progress)
            throws IOException {
        URI uri = start;
        Version version = null;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            long have = version == null ? 0 : resumable(part, version);
            HttpResponse<InputStream> response = send(client, uri, have);
            try (InputStream body = response.body()) {
                version = version == null ? versionOf(response) : version;
                switch (response.statusCode()) {
                    case 200, 206 -> {
                        receive(response, body, part, version, have, maxBytes, progress);
                        return version.received();
                    }
                    case 301, 302, 303, 307, 308 ->
                        uri = redirect(
                                uri, response.headers().firstValue("Location").orElse(""));
                    case 401, 403 ->
                        throw new FetchException("[%s] answers [%d]: there is no such public repository"
                                .formatted(uri, response.statusCode()));
                    case 404 -> throw new FetchException("[%s] answers [404]: there is no such file".formatted(uri));
                    case 416 -> {
                        Files.deleteIfExists(part);
                        throw new BrokenTransfer("[%s] cannot continue the interrupted transfer".formatted(uri), null);
                    }
                    default -> throw new FetchException("[%s] answers [%d]".formatted(uri, response.statusCode()));
                }
            }
        }
        throw new FetchException("[%s] redirects more than [%d] times".formatted(start, MAX_REDIRECTS));
    }

    private HttpResponse<InputStream> send(HttpClient client, URI uri, long have) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(patience).header("User-Agent", "hone");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            throw FileCache.interrupted();
        } catch (ConnectException e) {
            throw new FetchException("[%s] cannot be reached: no network?".formatted(uri.getHost()), e);
        } catch (IOException e) {
            throw new FetchException("[%s] does not answer: %s".formatted(uri.getHost(), e), e);
        }
    }

    private static Version versionOf(HttpResponse<?> response) {
        String etag = response.headers()
                .firstValue("X-Linked-Etag")
                .or(() -> response.headers().firstValue("Etag"))
                .orElse("");
        String commit = response.headers().firstValue("X-Repo-Commit").orElse("");
        return new Version(commit.matches("[0-9a-f]{40}") ? commit : "", etag);
    }

    /** Where a redirection leads: never from https to anything else. */
    static URI redirect(URI from, String location) throws FetchException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new FetchException("[%s] redirects to [%s], which is no address".formatted(from, location), e);
        }
        boolean known =
                "https".equals(to.getScheme()) || "http".equals(to.getScheme()) && "http".equals(from.getScheme());
        if (!known || to.getHost() == null) {
            throw new FetchException("[%s] redirects to [%s], which is not followed".formatted(from, location));
        }
        return to;
    }

    private static long resumable(Path part, Version version) throws IOException {
        Path noted = Part.etag(part);
        boolean same = !version.etag().isEmpty()
                && Files.isRegularFile(part)
                && Files.isRegularFile(noted)
                && Files.readString(noted).equals(version.etag());
        return same ? Files.size(part) : 0;
    }

    private void receive(
            HttpResponse<InputStream> response,
            InputStream body,
            Path part,
            Version version,
            long have,
            long maxBytes,
            Part.Progress progress)
            throws IOException {
        boolean continued = response.statusCode() == 206
                && response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + have + "-");
        if (response.statusCode() == 206 && !continued) {
            Files.deleteIfExists(part);
            throw new BrokenTransfer("[%s] sends another range than asked".formatted(response.uri()), null);
        }
        long size = continued ? have : 0;
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        long total = length < 0 ? -1 : size + length;
        Part.requireSize(total, maxBytes);
        Files.writeString(Part.etag(part), version.etag());
        StandardOpenOption[] options = continued
                ? new StandardOpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.APPEND}
                : new StandardOpenOption[] {
                    StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING
                };
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(part, options);
                Stall stall = new Stall(patience)) {
            for (int read = read(response.uri(), body, buffer, stall);
                    read >= 0;
                    read = read(response.uri(), body, buffer, stall)) {
                size += read;
                Part.requireSize(size, maxBytes);
                out.write(buffer, 0, read);
                progress.bytes(size, total);
            }
        }
        if (total >= 0 && size != total) {
            throw new BrokenTransfer(
                    "[%s] sent [%d] of [%d] bytes".formatted(response.uri().getHost(), size, total), null);
        }
        Files.deleteIfExists(Part.etag(part));
    }

    private static int read(URI uri, InputStream body, byte[] buffer, Stall stall) throws IOException {
        try {
            int read = body.read(buffer);
            stall.moved();
            return read;
        } catch (IOException e) {
            if (stall.stalled()) {
                throw new BrokenTransfer("[%s] stopped sending".formatted(uri.getHost()), e);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw FileCache.interrupted();
            }
            throw new BrokenTransfer("[%s] broke off: %s".formatted(uri.getHost(), e.getMessage()), e);
        }
    }

    /** A transfer that may go on where it stopped. */
    private static final class BrokenTransfer extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenTransfer(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Interrupts the thread that made it when {@link #moved} is not called for a while. */
    private static final class Stall implements AutoCloseable {
        private final AtomicLong last = new AtomicLong(System.nanoTime());
        private final Thread reader = Thread.currentThread();
        private final Thread watch;
        private volatile boolean stalled;

        Stall(Duration patience) {
            watch = Thread.ofVirtual().name("fetch-stall").start(() -> watch(patience));
        }

        private void watch(Duration patience) {
            try {
                while (System.nanoTime() - last.get() < patience.toNanos()) {
                    Thread.sleep(patience.dividedBy(10));
                }
                stalled = true;
                reader.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void moved() {
            last.set(System.nanoTime());
        }

        boolean stalled() {
            return stalled;
        }

        @Override
        public void close() throws IOException {
            watch.interrupt();
            try {
                watch.join();
            } catch (InterruptedException e) {
                if (!stalled) {
                    throw FileCache.interrupted();
                }
            }
            if (stalled) {
                Thread.interrupted();
            }
        }
    }
}
