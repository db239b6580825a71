"""Rows of tokens to compute on: the project's own documents, cut into pieces of 32 to 128 tokens.

usage: make.py GGUF FOLDER
"""
import json
import pathlib
import random
import sys

from transformers import AutoTokenizer

SEED, STEPS, ROWS, LOGIT_ROWS = 5, 50, 4, 8
gguf, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
root = pathlib.Path(__file__).resolve().parents[2]
text = "\n\n".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))])
ids = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)(text, truncation=False)["input_ids"]

choose = random.Random(SEED)


def piece():
    length = choose.randint(32, 128)
    start = choose.randrange(len(ids) - length)
    return ids[start : start + length]


folder.mkdir(parents=True, exist_ok=True)
(folder / "input.json").write_text(
    json.dumps(
        {
            "learningRate": 1e-3,
            "logits": [piece() for _ in range(LOGIT_ROWS)],
            "steps": [[piece() for _ in range(ROWS)] for _ in range(STEPS)],
        }
    )
)
