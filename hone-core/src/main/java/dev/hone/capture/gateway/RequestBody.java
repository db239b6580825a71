package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.server.Request;

/** The body of a request, of bounded size. */
public final class RequestBody {
    /** How much more than it may send is read of a body that is too large. */
    private static final int LINGERS = 4;

    /** Of a request that is turned away. */
    private static final int MOST_DISCARDED = 1 << 20;

    private static final int PIECE_BYTES = 64 << 10;

    private RequestBody() {}

    /**
     * Reads away, up to a bound, what is left of the body of a request that is turned away: the connection would end with the answer,
     * and who sends the next request on it would hear nothing.
     */
    public static void discard(Request request) {
        try (InputStream in = Request.asInputStream(request)) {
            in.skip(MOST_DISCARDED);
        } catch (IOException e) {
            // It broke off, or was given up before its end: then the connection does end with the answer.
        }
    }

    /**
     * Reads it whole.
     *
     * @param remedy for one that is too large
     * @throws GatewayRefusal when it has more bytes than it may, or than there is room for
     */
    static byte[] read(Request request, int most, String remedy, CallMemory.Share share) throws IOException {
        try (InputStream in = Request.asInputStream(request)) {
            boolean announced = request.getLength() > most;
            byte[] read = announced ? new byte[0] : read(in, most + 1, share);
            if (announced || read.length > most) {
                // A client that is still writing would lose the answer with the connection.
                in.skip(LINGERS * (long) most);
                throw GatewayRefusal.of(
                        413, "request_too_large", "The body has more than [%d] bytes: %s".formatted(most, remedy));
            }
            return read;
        }
    }

    /**
     * Reads up to some bytes.
     *
     * @throws GatewayRefusal when there is no room for them
     */
    static byte[] read(InputStream in, int most, CallMemory.Share share) throws IOException {
        byte[] first = in.readNBytes(Math.min(most, PIECE_BYTES));
        take(first.length, share);
        if (first.length < PIECE_BYTES) {
            return first;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(2 * PIECE_BYTES);
        byte[] piece = first;
        int length = first.length;
        while (length > 0) {
            all.write(piece, 0, length);
            length = in.readNBytes(piece, 0, Math.min(PIECE_BYTES, most - all.size()));
            take(length, share);
        }
        return all.toByteArray();
    }

    private static void take(int bytes, CallMemory.Share share) {
        if (!share.take(bytes)) {
            throw CallMemory.refusal();
        }
    }
}
