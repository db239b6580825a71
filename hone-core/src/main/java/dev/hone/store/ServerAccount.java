package dev.hone.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whom the server's programs run as: PostgreSQL refuses root. */
sealed interface ServerAccount {
    /** What stands before a program. */
    List<String> prefix();

    /** Makes a folder the account's own, whoever ran the server before. */
    void own(Path folder) throws IOException;

    private static void give(Path folder, int user) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                if (!Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(user)) {
                    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(file, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    /** Who runs Hone, being an ordinary user. */
    record Same() implements ServerAccount {
        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public void own(Path folder) {}
    }

    /** Root in a user namespace of its own, where it is nobody; outside, files stay root's. */
    record Namespace() implements ServerAccount {
        @Override
        public List<String> prefix() {
            return List.of("unshare", "-U");
        }

        @Override
        public void own(Path folder) throws IOException {
            give(folder, 0);
        }
    }

    /** Another user, where namespaces are forbidden, as in most containers. */
    record Other(int user) implements ServerAccount {
        @Override
        public List<String> prefix() {
            String id = Integer.toString(user);
            return List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups");
        }

        @Override
        public void own(Path folder) throws IOException {
            give(folder, user);
        }
    }

    /** The account that fits this process and machine. */
    static ServerAccount current() throws IOException {
        int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (user != 0) {
            return new Same();
        }
        for (ServerAccount account : List.of(new Namespace(), new Other(65534))) {
            if (works(account)) {
                return account;
            }
        }
        throw new StoreException(
                "PostgreSQL does not run as root, and neither [unshare -U] nor [setpriv] (util-linux) works"
                        + " here: run Hone as an ordinary user, or set HONE_DB_URL to a PostgreSQL of yours");
    }

    private static boolean works(ServerAccount account) {
        try {
            return Shell.run(account, List.of("true")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
