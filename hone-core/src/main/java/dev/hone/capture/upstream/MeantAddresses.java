package dev.hone.capture.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The addresses that one leads to: itself, and those of IPv4 that it has inside, to which a translator or a tunnel passes on. */
final class MeantAddresses {
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] NAT64_LOCAL = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1};
    private static final byte[] COMPATIBLE = new byte[12];
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final byte[] TRANSLATED = {0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final byte[] TEREDO = {0x20, 0x01, 0, 0};

    /** Where translators with a prefix of 48, 56, 64 or 96 bits have the address (RFC 6052): byte 8 is never one of it. */
    private static final int[][] LOCAL_PLACES = {{6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15}};

    private MeantAddresses() {}

    static List<InetAddress> of(InetAddress address) {
        List<InetAddress> meant = new ArrayList<>(List.of(address));
        byte[] bytes = address.getAddress();
        if (bytes.length != 16) {
            return meant;
        }
        if (begins(bytes, NAT64) || begins(bytes, COMPATIBLE) || begins(bytes, MAPPED) || begins(bytes, TRANSLATED)) {
            meant.add(at(bytes, 0, 12, 13, 14, 15));
        } else if (begins(bytes, SIX_TO_FOUR)) {
            meant.add(at(bytes, 0, 2, 3, 4, 5));
        } else if (begins(bytes, TEREDO)) {
            // Of its server, and of the client, whose bits are turned around (RFC 4380).
            meant.add(at(bytes, 0, 4, 5, 6, 7));
            meant.add(at(bytes, 0xff, 12, 13, 14, 15));
        } else if (begins(bytes, NAT64_LOCAL)) {
            // Which of the places counts is the translator's secret; an address that begins with zero is in none.
            for (int[] places : LOCAL_PLACES) {
                if (bytes[places[0]] != 0) {
                    meant.add(at(bytes, 0, places));
                }
            }
        } else if (isIsatap(bytes)) {
            meant.add(at(bytes, 0, 12, 13, 14, 15));
        }
        return meant;
    }

    /** An interface's identifier with an address inside (RFC 5214). */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
    }

    private static boolean begins(byte[] bytes, byte[] with) {
        return Arrays.equals(bytes, 0, with.length, with, 0, with.length);
    }

    private static InetAddress at(byte[] bytes, int turned, int... places) {
        byte[] four = new byte[4];
        for (int i = 0; i < four.length; i++) {
            four[i] = (byte) (bytes[places[i]] ^ turned);
        }
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }
}
