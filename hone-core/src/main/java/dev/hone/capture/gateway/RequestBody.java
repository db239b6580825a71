package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.server.Request;

/** The body of a request, of bounded size. */
public final class RequestBody {
    /** How much more than it may send is read of a body that is refused. */
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
        discard(request, MOST_DISCARDED);
    }

    /** The same of one who may send more. @param most bytes of a body that would be taken */
    public static void linger(Request request, int most) {
        discard(request, LINGERS * (long) most);
    }

    private static void discard(Request request, long bytes) {
        try (InputStream in = Request.asInputStream(request)) {
            in.skip(bytes);
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
            byte[] read = announced ? new byte[0] : read(in, request.getLength(), most, share);
            if (announced || read.length > most) {
                linger(in, most);
                throw GatewayRefusal.of(
                        413, "request_too_large", "The body has more than [%d] bytes: %s".formatted(most, remedy));
            }
            return read;
        }
    }

    /** What is announced has its room before it is read: of many that come at once some are read, and not a part of each. */
    private static byte[] read(InputStream in, long length, int most, CallMemory.Share share) throws IOException {
        if (length < 0) {
            return read(in, most, share);
        }
        take(in, length, most, share);
        return in.readNBytes((int) length);
    }

    /**
     * Reads what has an unknown length, up to a byte more than it may have.
     *
     * @throws GatewayRefusal when there is no room for it
     */
    static byte[] read(InputStream in, int most, CallMemory.Share share) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(PIECE_BYTES);
        byte[] piece = new byte[PIECE_BYTES];
        while (true) {
            int length = in.readNBytes(piece, 0, Math.min(PIECE_BYTES, most + 1 - all.size()));
            take(in, length, most, share);
            all.write(piece, 0, length);
            if (length < PIECE_BYTES) {
                return all.toByteArray();
            }
        }
    }

    private static void take(InputStream in, long bytes, int most, CallMemory.Share share) throws IOException {
        if (!share.take(bytes)) {
            share.close();
            linger(in, most);
            throw CallMemory.refusal();
        }
    }

    /** A client that is still writing would lose the answer with the connection. */
    private static void linger(InputStream in, int most) throws IOException {
        in.skip(LINGERS * (long) most);
    }
}
