"""Compares what BaseModelTest wrote with transformers and PEFT on the same weights, in fp32.

usage: compare.py GGUF FOLDER

Exit code 1 when a logit differs by more than 1e-3 or a step's loss by more than 1 %.
"""
import json
import pathlib
import sys

import numpy
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

MOST_LOGIT, MOST_LOSS = 1e-3, 0.01
gguf, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
given = json.loads((folder / "input.json").read_text())
model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)

worst, positions, largest = 0.0, 0, 0.0
with torch.no_grad():
    for i, row in enumerate(given["logits"]):
        expected = model(torch.tensor([row])).logits[0].numpy()
        actual = numpy.fromfile(folder / f"logits-{i}.f32", dtype="<f4").reshape(expected.shape)
        worst = max(worst, float(numpy.abs(expected - actual).max()))
        largest = max(largest, float(numpy.abs(expected).max()))
        positions += len(row)
print(f"logits: {positions} positions x {model.config.vocab_size} tokens, largest {largest:.1f}, worst difference {worst:.2e}")

adapted = PeftModel.from_pretrained(model, folder / "adapter", is_trainable=True).train()
trained = [p for p in adapted.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=given["learningRate"], weight_decay=0)
losses = []
for rows in given["steps"]:
    count = sum(len(row) - 1 for row in rows)
    total = 0.0
    for row in rows:
        tokens = torch.tensor([row])
        logits = adapted(tokens[:, :-1]).logits[0]
        loss = torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="sum") / count
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    losses.append(total)
ours = json.loads((folder / "losses.json").read_text())
apart = [abs(a / b - 1) for a, b in zip(ours, losses, strict=True)]
print(f"losses: {len(ours)} steps, {losses[0]:.4f} to {losses[-1]:.4f}, worst difference {100 * max(apart):.4f} %"
      f" (step {apart.index(max(apart)) + 1}), last {100 * apart[-1]:.4f} %")
sys.exit(worst > MOST_LOGIT or max(apart) > MOST_LOSS)
