"""Loss masks of chats, made with transformers, for the tests of ChatEncoder; also the small tokenizers that they need.

    python make_masks.py        needs transformers (5.24) and tokenizers

Templates with {% generation %} are masked by transformers itself (return_assistant_tokens_mask); the others by the rule
of prefixes, written here a second time.
"""

import datetime
import json
import pathlib

import transformers.utils.chat_template_utils as chat_template_utils
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from conversations import CONVERSATIONS
from environment import NOW, render

HERE = pathlib.Path(__file__).parent
RESOURCES = HERE.parents[1] / "hone-engine/src/test/resources/dev/hone/model"
SOURCES = RESOURCES / "template/sources"

QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

# tokenizer -> special tokens, other added tokens, templates with their bos and eos
SETS = {
    "byte-level": (
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        ["<tool_call>", "</tool_call>", "<think>", "</think>"],
        {
            "smollm2": ("<|im_start|>", "<|im_end|>"),
            "smollm3": (None, "<|im_end|>"),
            "qwen2.5": (None, "<|im_end|>"),
            "qwen2.5-training": (None, "<|im_end|>"),
            "qwen3": (None, "<|im_end|>"),
            "qwen3-training": (None, "<|im_end|>"),
            "qwen3-instruct-2507": (None, "<|im_end|>"),
            "qwen3.5": (None, "<|im_end|>"),
        },
    ),
    "byte-level-trimmed": (
        ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|end_of_text|>", "<|end|>", "<|user|>"]
        + ["<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "<|start_of_role|>", "<|end_of_role|>", "<|assistant|>"],
        [],
        {
            "llama-3": ("<|begin_of_text|>", "<|eot_id|>"),
            "llama-3-training": ("<|begin_of_text|>", "<|eot_id|>"),
            "llama-3.2": ("<|begin_of_text|>", "<|eot_id|>"),
            "mistral-nemo": ("<s>", "</s>"),
            "mistral-instruct": ("<s>", "</s>"),
            "phi-3.5": ("<s>", "</s>"),
            "granite-3.3": (None, "<|end_of_text|>"),
        },
    ),
    "metaspace": (
        ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>", "<s>", "</s>", "[INST]", "[/INST]"],
        [],
        {
            "gemma-2": ("<bos>", "<eos>"),
            "gemma-2-training": ("<bos>", "<eos>"),
            "gemma-3": ("<bos>", "<eos>"),
            "mistral-small-3.2": ("<s>", "</s>"),
        },
    ),
}

CHATS = [
    "multi-turn with system",
    "tool call, empty content",
    "tool call, some content",
    "tool round",
    "two tool calls",
    "unicode",
    "content like a template",
    "content like special tokens, answered",
    "white space",
    "thinking",
    "assistant first",
    "leading newline",
]


def conversations():
    for name in CHATS:
        if name == "leading newline":
            yield name, [{"role": "user", "content": "x"}, {"role": "assistant", "content": "\n\ny"}], []
            continue
        messages, tools, _ = CONVERSATIONS[name.removesuffix(", answered")]
        messages = [{"content": "", **message} for message in messages]
        if name.endswith(", answered"):
            messages = messages + [{"role": "assistant", "content": "I <|im_end|>\nsee [/INST] it <end_of_turn>\n"}]
        while messages[-1]["role"] != "assistant":
            messages.pop()
        yield name, messages, tools


def train(name, special, added):
    """A tokenizer of a few hundred tokens, of the given kind."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.jinja"))]
    texts += [message.get("content", "") for messages, _, _ in CONVERSATIONS.values() for message in messages] * 20
    if name == "metaspace":
        tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
        tokenizer.normalizer = normalizers.Replace(" ", "▁")
        tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
        letters = ["<unk>"] + [f"<0x{byte:02X}>" for byte in range(256)]
        # other characters fall back to bytes
        texts = [text.encode("ascii", "ignore").decode("ascii") for text in texts]
        trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=letters, show_progress=False)
    else:
        tokenizer = Tokenizer(models.BPE())
        if name == "byte-level":
            split = pre_tokenizers.Split(Regex(QWEN), "isolated")
            level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
            tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, level])
        else:
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=name == "byte-level-trimmed")
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in added])
    path = RESOURCES / f"chat-{name}.json"
    path.write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False), encoding="utf-8")
    return path


def by_prefixes(ids, tokenizer, messages):
    """Tokens, mask, and whether only the last turn is trained."""
    whole = ids(messages, False)
    special = set(tokenizer.all_special_ids) | {i for i, t in tokenizer.added_tokens_decoder.items() if t.special}
    spans = []
    for k, message in enumerate(messages):
        if message["role"] == "assistant":
            try:
                prompt, upto = ids(messages[:k], True), ids(messages[: k + 1], False)
            except Exception:
                spans.append(None)
                continue
            if upto[: len(prompt)] != prompt or whole[: len(upto)] != upto:
                spans.append(None)
                continue
            end = len(upto)
            while end > len(prompt) and tokenizer.decode([upto[end - 1]]).isspace():
                end -= 1
            spans.append((len(prompt), end if upto[end - 1] in special else len(upto)))
    if spans[-1] is None:
        return {"error": "prompt"}
    only = None in spans
    mask = [0] * len(whole)
    for begin, end in spans[-1:] if only else spans:
        mask[begin:end] = [1] * (end - begin)
    return {"tokens": whole, "trained": mask, "lastTurnOnly": only}


class Fixed(datetime.datetime):
    @classmethod
    def now(cls):
        return NOW


def runs(mask):
    """[begin, end) of each run of ones."""
    edges = [i for i in range(len(mask) + 1) if (mask[i - 1] if i else 0) != (mask[i] if i < len(mask) else 0)]
    return [edges[i : i + 2] for i in range(0, len(edges), 2)]


def main():
    chat_template_utils.datetime = Fixed
    rows = []
    for kind, (special, added, templates) in SETS.items():
        path = train(kind, special, added)
        for template, (bos, eos) in templates.items():
            tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path), bos_token=bos, eos_token=eos)
            tokenizer.chat_template = (SOURCES / f"{template}.jinja").read_bytes().decode("utf-8")
            for name, messages, tools in conversations():
                def ids(some, prompt):
                    if some:
                        text = tokenizer.apply_chat_template(
                            some, tools=tools or None, add_generation_prompt=prompt, tokenize=False
                        )
                    else:  # apply_chat_template takes no empty conversation, whatever the template
                        text = render(
                            tokenizer.chat_template,
                            {"messages": [], "tools": tools or None, "add_generation_prompt": prompt, "documents": None}
                            | {key: value for key, value in {"bos_token": bos, "eos_token": eos}.items() if value},
                        )["text"]
                    return tokenizer(text, add_special_tokens=False)["input_ids"]

                row = {"tokenizer": kind, "template": template, "bos": bos, "eos": eos, "conversation": name}
                try:
                    if "{% generation %}" in tokenizer.chat_template or "{%- generation" in tokenizer.chat_template:
                        got = tokenizer.apply_chat_template(
                            messages, tools=tools or None, return_assistant_tokens_mask=True, return_dict=True
                        )
                        row |= {"tokens": got["input_ids"], "trained": got["assistant_masks"], "lastTurnOnly": False}
                    else:
                        row |= by_prefixes(ids, tokenizer, messages)
                except Exception as e:
                    row |= {"error": "template"}
                if "trained" in row:
                    row["trained"] = runs(row["trained"])
                rows.append(row)
    chats = {name: {"messages": messages, "tools": tools} for name, messages, tools in conversations()}
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (RESOURCES / "chat-masks.json").write_text(
        f'{{"conversations": {json.dumps(chats, ensure_ascii=False)},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8"
    )
    count = lambda test: sum(1 for row in rows if test(row))
    print(
        f"{len(rows)} rows, {count(lambda r: r.get('error') == 'template')} refused by the template,"
        f" {count(lambda r: r.get('error') == 'prompt')} without a prompt,"
        f" {count(lambda r: r.get('lastTurnOnly'))} with the last turn only"
    )


if __name__ == "__main__":
    main()
