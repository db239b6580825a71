"""Byte-level BPE tokenizers as Hugging Face's library builds them, by the name of their pre-tokenizer in GGUF files.

The settings are those of the published tokenizer.json files. `CHECKS` proves it without them: llama.cpp identifies a
pre-tokenizer by the SHA-256 of the ids that the *published* tokenizer gives to a fixed text (convert_hf_to_gguf.py,
chkhsh), and ours must give the same.
"""

import base64
import hashlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

CHECK_TEXT = (
    "\n \n\n \n\n\n \t \t\t \t\n  \n   \n    \n     \n🚀 (normal) 😶\u200d🌫️ (multiple emojis concatenated) ✅ 🦙🦙 3 33 333 3333 33333 "
    "333333 3333333 33333333 3.3 3..3 3...3 កាន់តែពិសេសអាច😁 ?我想在apple工作1314151天～ ------======= нещо на Български "
    "''''''```````\"\"\"\"......!!!!!!?????? I've been 'told he's there, 'RE you sure? 'M not sure I'll make it, 'D you like "
    "some tea? We'Ve a'lL"
)
CHECKS = {
    "smollm": "855059429035d75a914d1eda9f10a876752e281a054a7a3d421ef0533e5b6249",
    "qwen2": "e636dc30a262dcc0d8c323492e32ae2b70728f4df7dfe9737d9f920a282b8aea",
    "llama-bpe": "0ef9807a4087ebef797fc749390439009c3b9eda9ad1a097abbe738f486c01e5",
}
PREFIXES = {"llama-bpe": [128000]}  # the begin-of-text that its published tokenizer adds

QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3 = QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def pre_tokenizer(pre):
    if pre == "gpt-2":
        return pre_tokenizers.ByteLevel(add_prefix_space=False)
    if pre == "smollm":
        return pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    split = {"qwen2": QWEN2, "llama-bpe": LLAMA3}[pre]
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(split), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def tokenizer(pre, tokens, merges, special, user_defined=()):
    """`tokens` in the order of their ids; `merges` as pairs."""
    model = models.BPE({t: i for i, t in enumerate(tokens)}, merges, ignore_merges=pre == "llama-bpe")
    made = Tokenizer(model)
    if pre == "qwen2":
        made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizer(pre)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in special])
    made.add_tokens([AddedToken(t, normalized=False, special=False) for t in user_defined])
    return made


def check(pre, made):
    ids = PREFIXES.get(pre, []) + made.encode(CHECK_TEXT, add_special_tokens=False).ids
    found = hashlib.sha256(str(ids).encode()).hexdigest()
    if found != CHECKS[pre]:
        raise SystemExit(f"{pre}: the check text gives [{found}], the published tokenizer [{CHECKS[pre]}]")


def alphabet():
    """The printable character of each byte, as GPT-2 chose them."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in printable]
    return {b: chr(b) for b in printable} | {b: chr(256 + i) for i, b in enumerate(rest)}


ALPHABET = alphabet()


def printable(data):
    return "".join(ALPHABET[b] for b in data)


def from_tiktoken(path):
    """Tokens and merges of a tiktoken file: the merge that makes a token is the last one that its own pieces allow."""
    ranks = {}
    with open(path, "rb") as file:
        for entry in filter(None, file.read().split(b"\n")):
            token, rank = entry.split()
            ranks[base64.b64decode(token)] = int(rank)
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        pieces = [bytes([b]) for b in token]
        while len(pieces) > 2:
            pairs = [(ranks.get(a + b, rank), i) for i, (a, b) in enumerate(zip(pieces, pieces[1:]))]
            lowest, i = min(pairs)
            if lowest >= rank:
                break
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
        if len(pieces) == 2:
            merges.append((printable(pieces[0]), printable(pieces[1])))
    return [printable(t) for t in sorted(ranks, key=ranks.get)], merges
