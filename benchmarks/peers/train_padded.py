"""Steps of LoRA training on random tokens, all rows of equal length: the layout in which padding costs nothing.

usage: train_padded.py GGUF [--rows 4] [--row-tokens 256] [--rounds 5] [--bf16]
"""
import argparse
import contextlib
import json

import torch

from common import adapted, load_model, median_seconds

parser = argparse.ArgumentParser()
parser.add_argument("gguf")
parser.add_argument("--rows", type=int, default=4)
parser.add_argument("--row-tokens", type=int, default=256)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()

torch.manual_seed(1)
model = adapted(load_model(options.gguf)).train()
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4, fused=True)
tokens = torch.randint(0, model.config.vocab_size, (options.rows, options.row_tokens))
labels = tokens.clone()
labels[:, : options.row_tokens // 2] = -100
precision = torch.autocast("cpu", torch.bfloat16) if options.bf16 else contextlib.nullcontext()


def step():
    with precision:
        loss = model(input_ids=tokens, labels=labels, use_cache=False).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()


seconds = median_seconds(step, options.rounds)
print(json.dumps({"tokensPerSecond": options.rows * options.row_tokens / seconds}))
