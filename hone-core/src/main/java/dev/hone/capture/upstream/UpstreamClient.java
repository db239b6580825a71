package dev.hone.capture.upstream;

import dev.hone.capture.route.Outcome;
import dev.hone.record.AnswerLogprob;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Asks a server over pooled connections, one thread a call. Follows no redirect, repeats nothing, keeps no cookie. */
public final class UpstreamClient implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 4_096;
    private static final String WITHOUT_ANSWER = "closed the connection without an answer";

    private final Upstream upstream;
    private final CloseableHttpClient client;

    public UpstreamClient(Upstream upstream) {
        this.upstream = upstream;
        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new AddressGuard(upstream.inside()))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseParserFactory(SurplusGuard.parsers())
                        .build())
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setDefaultSocketConfig(
                        SocketConfig.custom().setTcpNoDelay(true).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(upstream.connect()))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                        .setTimeToLive(TimeValue.ofMinutes(10))
                        .build())
                .build();
        client = HttpClients.custom()
                .setConnectionManager(connections)
                .setRequestExecutor(SurplusGuard.executor())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .build();
    }

    /** A call that is being made, which another thread may give up. */
    public static final class Asking {
        private final HttpPost post;

        private Asking(HttpPost post) {
            this.post = post;
        }

        /** Closes its connection; whoever waits for it gets an exception. */
        public void abort() {
            post.abort();
        }
    }

    /** An answer whose body is still to be read. */
    public static final class Answer implements AutoCloseable {
        private final ClassicHttpResponse response;
        private final Asking asking;

        private Answer(ClassicHttpResponse response, Asking asking) {
            this.response = response;
            this.asking = asking;
        }

        public int status() {
            return response.getCode();
        }

        public @Nullable String header(String name) {
            Header header = response.getFirstHeader(name);
            return header == null ? null : header.getValue();
        }

        /** By their names in small letters; of several with one name the last. */
        public Map<String, String> headers() {
            Map<String, String> headers = new TreeMap<>();
            for (Header header : response.getHeaders()) {
                if (header.getValue() != null) {
                    headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
                }
            }
            return headers;
        }

        /** How probable the answer was to the one that gave it, where that was asked, and says so: of a stream, once it was read to its end. */
        public @Nullable AnswerLogprob logprob() {
            if (!asking.post.containsHeader(AnswerLogprob.FIELD)) {
                return null;
            }
            String before = header(AnswerLogprob.FIELD);
            return AnswerLogprob.parse(before == null ? trailer(AnswerLogprob.FIELD) : before)
                    .orElse(null);
        }

        private @Nullable String trailer(String name) {
            HttpEntity entity = response.getEntity();
            Supplier<List<? extends Header>> trailers = entity == null ? null : entity.getTrailers();
            List<? extends Header> all = trailers == null ? List.of() : trailers.get();
            return all.stream()
                    .filter(trailer -> trailer.getName().equalsIgnoreCase(name))
                    .map(Header::getValue)
                    .findFirst()
                    .orElse(null);
        }

        public InputStream body() throws IOException {
            return response.getEntity() == null
                    ? InputStream.nullInputStream()
                    : response.getEntity().getContent();
        }

        /** Gives up what was not read: its connection is not used again. */
        public void abort() {
            asking.abort();
        }

        /** A connection that cannot be closed in order is not used again, and says nothing about the answer. */
        @Override
        public void close() {
            try {
                response.close();
            } catch (IOException e) {
                asking.abort();
            }
        }
    }

    /**
     * Prepares a call.
     *
     * @param path of OpenAI's
     * @param firstByte longest time to each piece of an answer; zero where another thread gives the call up, which costs a virtual thread
     *     less than to wait with a bound
     */
    public Asking prepare(String path, Map<String, String> headers, byte[] body, Duration firstByte) {
        HttpPost post = new HttpPost(upstream.at(path));
        headers.forEach(post::setHeader);
        post.setHeader("Accept-Encoding", "identity");
        if (upstream.key() != null) {
            post.setHeader("Authorization", "Bearer " + upstream.key());
        }
        if (upstream.own()) {
            post.setHeader(AnswerLogprob.FIELD, "?1");
        }
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        post.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(firstByte))
                .setConnectionRequestTimeout(Timeout.of(firstByte))
                .setRedirectsEnabled(false)
                .build());
        return new Asking(post);
    }

    /** Makes a call, and returns when its answer begins. */
    public Answer ask(Asking asking) throws IOException {
        return new Answer(client.executeOpen(null, asking.post, null), asking);
    }

    /** What an exception of {@link #ask} means. */
    public static Outcome outcome(IOException e, Duration waited) {
        return switch (e) {
            case ConnectTimeoutException connect -> new Outcome.Unreachable("no connection in time");
            case SocketTimeoutException silence -> new Outcome.TimedOut(waited);
            case ClientProtocolException protocol -> new Outcome.Unreachable(reason(e), "answered what is no HTTP");
            case MessageConstraintException beyond -> new Outcome.Unreachable(reason(e), "answered what is no HTTP");
            case NoHttpResponseException nothing -> new Outcome.Unreachable(reason(e), WITHOUT_ANSWER);
            case ConnectionClosedException closed -> new Outcome.Unreachable(reason(e), WITHOUT_ANSWER);
            case SocketException reset
            when String.valueOf(reset.getMessage()).contains("reset") ->
                new Outcome.Unreachable(reason(e), WITHOUT_ANSWER);
            default -> new Outcome.Unreachable(reason(e));
        };
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
