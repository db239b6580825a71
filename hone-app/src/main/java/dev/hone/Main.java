package dev.hone;

import dev.hone.cli.HoneCommand;

/** Entry of the program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(HoneCommand.run(arguments));
    }
}
