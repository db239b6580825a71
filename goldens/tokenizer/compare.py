"""Compares the SmolLM2 golden with two programs that read the same GGUF file: llama.cpp and transformers.

    python compare.py FOLDER/smollm.jsonl.gz SMOLLM2.gguf

Needs xllamacpp (llama.cpp with its server), transformers and torch.
"""

import gzip
import json
import logging
import pathlib
import sys
import unicodedata
import urllib.request

import bpe


def report(name, rows, encode):
    different = [row for row in rows if encode(row["text"]) != row["ids"]]
    newer = [row for row in different if any(unicodedata.category(c) == "Cn" for c in row["text"])]
    print(f"{name}: {len(rows)} lines, {len(different)} different,"
          f" {len(newer)} of them with characters that Unicode {unicodedata.unidata_version} does not have")
    for row in sorted(different, key=lambda row: len(row["text"]))[:5]:
        print(f"  {row['text'][:80]!r}: golden {row['ids'][:20]}, {name} {encode(row['text'])[:20]}")
    return len(different) - len(newer)


def llama_cpp(path):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 256
    params.n_parallel = 1
    params.port = 0
    server = xllamacpp.Server(params)

    def encode(text):
        body = json.dumps({"content": text, "add_special": False, "parse_special": True}).encode()
        request = urllib.request.Request(
            server.listening_address + "/tokenize", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["tokens"]

    encode.server = server
    return encode


def transformers(path):
    from transformers import AutoTokenizer

    logging.disable(logging.WARNING)
    loaded = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    return loaded, lambda text: loaded.encode(text, add_special_tokens=False)


def main(golden, path):
    with gzip.open(golden) as file:
        rows = [json.loads(row) for row in file][1:]
    wrong = report("llama.cpp", rows, llama_cpp(path))
    loaded, encode = transformers(path)
    report("transformers as it comes", rows, encode)
    loaded.backend_tokenizer.pre_tokenizer = bpe.pre_tokenizer("smollm")
    wrong += report("transformers with the file's pre-tokenizer", rows, encode)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
