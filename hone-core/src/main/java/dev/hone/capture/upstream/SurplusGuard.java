package dev.hone.capture.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a server says beyond the end of its answer from being taken for the next one, which is somebody else's: a connection on
 * which something stands before it was asked for is not asked again.
 */
final class SurplusGuard {
    private static final String TOLD =
            "The server went on after the end of an answer: its connection is not used again";

    private SurplusGuard() {}

    /** Looks, before it asks, whether something has come already. */
    static HttpRequestExecutor executor() {
        return new HttpRequestExecutor() {
            @Override
            public ClassicHttpResponse execute(
                    ClassicHttpRequest request,
                    HttpClientConnection connection,
                    HttpResponseInformationCallback information,
                    HttpContext context)
                    throws IOException, HttpException {
                if (connection instanceof ManagedHttpClientConnection managed && hasSpoken(managed.getSocket())) {
                    throw new ConnectionClosedException(TOLD);
                }
                return super.execute(request, connection, information, context);
            }
        };
    }

    private static boolean hasSpoken(@Nullable Socket socket) throws IOException {
        return socket != null && socket.getInputStream().available() > 0;
    }

    /** Looks, before it reads an answer from the connection, whether something was read together with the last one. */
    static HttpMessageParserFactory<ClassicHttpResponse> parsers() {
        return config -> new Parser(DefaultHttpResponseParserFactory.INSTANCE.create(config));
    }

    private static final class Parser implements HttpMessageParser<ClassicHttpResponse> {
        private final HttpMessageParser<ClassicHttpResponse> parser;

        /** Whether the last one was information, which its answer may follow at once. */
        private boolean interim;

        Parser(HttpMessageParser<ClassicHttpResponse> parser) {
            this.parser = parser;
        }

        @Override
        public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
            if (!interim && buffer.length() > 0) {
                throw new ConnectionClosedException(TOLD);
            }
            ClassicHttpResponse response = parser.parse(buffer, in);
            interim = response != null && response.getCode() < 200;
            return response;
        }
    }
}
