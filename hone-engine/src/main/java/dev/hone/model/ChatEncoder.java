package dev.hone.model;

import dev.hone.model.template.Rendered;
import dev.hone.model.template.TemplateException;
import dev.hone.record.Conversation;
import dev.hone.record.TokenizedChat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns conversations into token ids: prompts for generation, and chats with a loss mask for training. Any number of
 * threads may use it.
 *
 * <p><b>What is trained.</b> Where the template marks it with {@code {% generation %}}, that: a token is trained when any of
 * its characters is inside the mark, so one that straddles a border is. Otherwise, for each turn of the assistant, what
 * follows the generation prompt: {@code render(turns before, prompt)} must be an exact token prefix of {@code render(turns
 * up to this one)}, and that of the whole chat; the difference is trained up to and including its last special token (the
 * end of the turn, which the model must produce), and not the white space that a template writes behind it (which the model
 * never produces). A turn without such a token is trained to its end. Where a template writes a turn otherwise once the
 * conversation has gone on, only the last one is trained, and {@link TokenizedChat#lastTurnOnly} says so.
 */
public final class ChatEncoder {
    private static final String ASSISTANT = "assistant";

    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final Map<String, Object> variables;

    public ChatEncoder(ChatTemplate template, Tokenizer tokenizer) {
        this(template, tokenizer, Map.of());
    }

    /** @param variables for the template, in prompts and in training alike, such as {@code enable_thinking} */
    public ChatEncoder(ChatTemplate template, Tokenizer tokenizer, Map<String, Object> variables) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.variables = Map.copyOf(variables);
    }

    /**
     * Token ids of a conversation, ready for the assistant's next turn.
     *
     * @throws TemplateException where the template refuses the conversation
     */
    public int[] prompt(Conversation conversation) {
        return tokenizer.encode(template.render(conversation, true, variables));
    }

    /**
     * Token ids and loss mask of a conversation, up to the assistant's last turn.
     *
     * @throws TemplateException where the template refuses the conversation
     * @throws IllegalArgumentException where there is nothing to train, or what the assistant writes cannot be told from
     *     its prompt
     */
    public TokenizedChat training(Conversation conversation) {
        List<Integer> turns = IntStream.range(0, conversation.messages().size())
                .filter(turn -> conversation.messages().get(turn).role().equals(ASSISTANT))
                .boxed()
                .toList();
        if (turns.isEmpty()) {
            throw new IllegalArgumentException(
                    "A conversation of [%d] turns has none of the assistant: nothing to train"
                            .formatted(conversation.messages().size()));
        }
        Conversation whole = upTo(conversation, turns.getLast() + 1);
        return template.marksGeneration() ? marked(whole) : byPrefixes(whole, turns);
    }

    private static Conversation upTo(Conversation conversation, int turns) {
        return new Conversation(conversation.messages().subList(0, turns), conversation.tools());
    }

    private TokenizedChat marked(Conversation whole) {
        Rendered rendered = template.rendered(whole, false, variables);
        if (rendered.generatedElsewhere()) {
            throw new IllegalArgumentException(
                    "The chat template has [generation] in a macro or a captured block, where its place is not known;"
                            + " move it out, or remove it");
        }
        LocatedTokens located = tokenizer.locate(rendered.text());
        boolean[] trained = new boolean[located.ids().length];
        for (Rendered.Span span : rendered.generated()) {
            for (int i = 0; i < trained.length; i++) {
                trained[i] |= located.touches(i, span.start(), span.end());
            }
        }
        return new TokenizedChat(located.ids(), trained, false);
    }

    private TokenizedChat byPrefixes(Conversation whole, List<Integer> turns) {
        int[] tokens = tokenizer.encode(template.render(whole, false, variables));
        boolean[] trained = new boolean[tokens.length];
        int last = turns.getLast();
        Turn lastTurn = lastTurn(whole, last, tokens);
        Arrays.fill(trained, lastTurn.begin(), lastTurn.end(), true);
        for (int turn : turns.subList(0, turns.size() - 1)) {
            Turn earlier = earlierTurn(whole, turn, tokens);
            if (earlier == null) {
                Arrays.fill(trained, 0, lastTurn.begin(), false);
                return new TokenizedChat(tokens, trained, true);
            }
            Arrays.fill(trained, earlier.begin(), earlier.end(), true);
        }
        return new TokenizedChat(tokens, trained, false);
    }

    /** What the model produces of {@code tokens} in a turn: from {@code begin} up to, not including, {@code end}. */
    private record Turn(int begin, int end) {}

    private @Nullable Turn turn(Conversation whole, int turn, int[] tokens) {
        int[] prompt = prompt(upTo(whole, turn));
        boolean last = turn == whole.messages().size() - 1;
        int[] upToHere = last ? tokens : tokenizer.encode(template.render(upTo(whole, turn + 1), false, variables));
        if (!begins(prompt, upToHere) || !begins(upToHere, tokens)) {
            return null;
        }
        return new Turn(prompt.length, end(upToHere, prompt.length));
    }

    private Turn lastTurn(Conversation whole, int turn, int[] tokens) {
        try {
            Turn last = turn(whole, turn, tokens);
            if (last != null) {
                return last;
            }
        } catch (TemplateException e) {
            throw noPrompt(turn, "the template refuses the prompt (%s)".formatted(e.getMessage()), e);
        }
        throw noPrompt(turn, "the prompt's tokens do not begin the chat's", null);
    }

    private static IllegalArgumentException noPrompt(int turn, String reason, @Nullable TemplateException cause) {
        return new IllegalArgumentException(
                ("What the assistant writes in turn [%d] cannot be told from its prompt: %s. Trim white space at the"
                                + " begin of the turn, set the template's variables so that prompt and chat agree, or mark the"
                                + " turn in the template with [generation]")
                        .formatted(turn + 1, reason),
                cause);
    }

    /** As {@link #turn}; a template that refuses a part of the chat does not write that part as it writes the whole. */
    private @Nullable Turn earlierTurn(Conversation whole, int turn, int[] tokens) {
        try {
            return turn(whole, turn, tokens);
        } catch (TemplateException e) {
            return null;
        }
    }

    private static boolean begins(int[] prefix, int[] tokens) {
        return prefix.length <= tokens.length && Arrays.equals(prefix, 0, prefix.length, tokens, 0, prefix.length);
    }

    /** After the last token that ends a turn, where only white space follows it; else after the last token. */
    private int end(int[] tokens, int begin) {
        for (int i = tokens.length - 1; i >= begin; i--) {
            if (endsTurn(tokens[i])) {
                return i + 1;
            }
            if (!tokenizer.decode(new int[] {tokens[i]}, false).isBlank()) {
                break;
            }
        }
        return tokens.length;
    }

    private boolean endsTurn(int token) {
        String eosToken = template.eosToken();
        OptionalInt eos = eosToken == null ? OptionalInt.empty() : tokenizer.id(eosToken);
        return tokenizer.isSpecial(token) || (eos.isPresent() && eos.getAsInt() == token);
    }
}
