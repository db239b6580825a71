"""Makes what the tokenizer tests compare with.

    python make.py small FILE.jsonl.gz     the committed golden: a small vocabulary, a few hundred lines
    python make.py full FOLDER SMOLLM2.gguf QWEN.tiktoken LLAMA3.model
                                           real vocabularies, 10,000 lines each, for check.sh

Needs the packages tokenizers and gguf.
"""

import gzip
import json
import pathlib
import sys

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

import bpe
from lines import lines

SEED = 20260
CHATML = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4


def write(path, rows):
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")


def decoded(made, ids):
    return made.decode(ids, skip_special_tokens=True)


def small(target):
    """One vocabulary, trained without digit splitting so that a wrong cut shows, under each pre-tokenizer."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(r"\s+|\S+\s?"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=1500, initial_alphabet=sorted(bpe.ALPHABET.values()), special_tokens=[], show_progress=False)
    trained.train_from_iterator(lines(SEED + 1, 3000, ["<|other|>"])[5:], trainer)
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    merges = [tuple(m) for m in model["merges"]]
    tokens += ["honeycomb", "qwertz"]  # no merges make these
    user_defined = ["<tool_call>", "</tool_call>"]
    everything = tokens + CHATML + user_defined
    types = [NORMAL] * len(tokens) + [CONTROL] * len(CHATML) + [USER_DEFINED] * len(user_defined)
    rows = [{"tokens": everything, "types": types, "merges": [" ".join(m) for m in merges]}]
    chosen = [t for t in lines(SEED, 420, CHATML + user_defined) if len(t) < 2000]
    chosen += ["honeycomb", "qwertz", "<|im_end|>\u0338"]  # the last two characters compose
    for pre in ["gpt-2", "smollm", "qwen2", "llama-bpe"]:
        made = bpe.tokenizer(pre, everything, merges, CHATML, user_defined)
        for text in chosen:
            ids = made.encode(text, add_special_tokens=False).ids
            rows.append({"pre": pre, "text": text, "ids": ids, "decoded": decoded(made, ids)})
    write(target, rows)


def full(folder, smollm2, qwen, llama3):
    import gguf

    field = gguf.GGUFReader(smollm2).fields
    strings = lambda key: [bytes(field[key].parts[i]).decode() for i in field[key].data]
    tokens = strings("tokenizer.ggml.tokens")
    types = [int(field["tokenizer.ggml.token_type"].parts[i][0]) for i in field["tokenizer.ggml.token_type"].data]
    special = [t for t, kind in zip(tokens, types) if kind == CONTROL]
    merges = [tuple(m.split(" ")) for m in strings("tokenizer.ggml.merges")]
    one(folder, "smollm", tokens, merges, special, pathlib.Path(smollm2))
    for pre, path in [("qwen2", qwen), ("llama-bpe", llama3)]:
        tokens, merges = bpe.from_tiktoken(path)
        special = CHATML if pre == "qwen2" else ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"]
        target = folder / f"{pre}.gguf"
        writer = gguf.GGUFWriter(target, "qwen2" if pre == "qwen2" else "llama")
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(tokens + special)
        writer.add_token_types([NORMAL] * len(tokens) + [CONTROL] * len(special))
        writer.add_token_merges([" ".join(m) for m in merges])
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        one(folder, pre, tokens + special, merges, special, target)


def one(folder, pre, tokens, merges, special, gguf_path):
    made = bpe.tokenizer(pre, tokens, merges, special)
    bpe.check(pre, made)
    rows = [{"pre": pre, "gguf": str(gguf_path.resolve()), "tokenizers": tokenizers.__version__}]
    for text in lines(SEED, 10_000, special):
        ids = made.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids, "decoded": decoded(made, ids)})
    write(folder / f"{pre}.jsonl.gz", rows)
    print(pre, "check text ok,", sum(len(r.get("ids", ())) for r in rows), "tokens")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "full":
        target.mkdir(parents=True, exist_ok=True)
    {"small": small, "full": full}[sys.argv[1]](target, *sys.argv[3:])
