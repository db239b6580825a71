package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.server.Request;

/** The body of a request, of bounded size. */
public final class RequestBody {
    /** How much more than it may send is read of a body that is refused. */
    private static final int LINGERS = 4;

    /** Of a request that is turned away. */
    private static final int MOST_DISCARDED = 1 << 20;

    private static final int PIECE_BYTES = 64 << 10;
    private static final int SKIPPED_BYTES = 4 << 10;

    /** That something is read away for, and somebody who still writes is waited for. */
    private static final Duration LONGEST_DISCARD = Duration.ofSeconds(5);

    private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);

    private RequestBody() {}

    /**
     * Reads away, up to a bound, what is left of the body of a request that is turned away: the connection would end with the answer,
     * and who sends the next request on it would hear nothing.
     */
    public static void discard(Request request) {
        discard(request, MOST_DISCARDED, LONGEST_DISCARD);
    }

    /** The same of one who may send more. @param most bytes of a body that would be taken */
    public static void linger(Request request, int most) {
        discard(request, LINGERS * (long) most, LONGEST_LINGER);
    }

    private static void discard(Request request, long bytes, Duration longest) {
        try (InputStream in = Request.asInputStream(request)) {
            skip(in, bytes, longest);
        } catch (IOException e) {
            // It broke off, or was given up before its end: then the connection does end with the answer.
        }
    }

    /**
     * Reads it whole.
     *
     * @param remedy for one that is too large
     * @throws GatewayRefusal when it has more bytes than it may, or than there is room for, or comes too slowly
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
        BodyPace pace = new BodyPace(System::nanoTime);
        take(in, length, most, share);
        byte[] all = new byte[(int) length];
        int came = fill(in, all, all.length, 0, pace);
        return came < all.length ? Arrays.copyOf(all, came) : all;
    }

    /**
     * Reads into an array as much as is wanted, or there is.
     *
     * @param before bytes of the body that came before
     */
    private static int fill(InputStream in, byte[] into, int wanted, long before, BodyPace pace) throws IOException {
        int came = 0;
        while (came < wanted) {
            int read = in.read(into, came, wanted - came);
            if (read < 0) {
                break;
            }
            came += read;
            pace.require(before + came);
        }
        return came;
    }

    /**
     * Reads what has an unknown length, up to a byte more than it may have.
     *
     * @throws GatewayRefusal when there is no room for it, or it comes too slowly
     */
    static byte[] read(InputStream in, int most, CallMemory.Share share) throws IOException {
        return read(in, most, share, new BodyPace(System::nanoTime));
    }

    static byte[] read(InputStream in, int most, CallMemory.Share share, BodyPace pace) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(PIECE_BYTES);
        byte[] piece = new byte[PIECE_BYTES];
        while (true) {
            int length = fill(in, piece, Math.min(PIECE_BYTES, most + 1 - all.size()), all.size(), pace);
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
        skip(in, LINGERS * (long) most, LONGEST_LINGER);
    }

    private static void skip(InputStream in, long bytes, Duration longest) throws IOException {
        long begun = System.nanoTime();
        byte[] piece = new byte[SKIPPED_BYTES];
        long left = bytes;
        while (left > 0 && System.nanoTime() - begun < longest.toNanos()) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }
}
