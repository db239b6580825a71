"""Batched generation by transformers from random prompts of equal length, at temperature 1, without an end.

usage: generate.py GGUF [--streams 64] [--prompt-tokens 64] [--tokens 64] [--rounds 5] [--bf16]
"""
import argparse
import json

import torch

from common import load_model, median_seconds

parser = argparse.ArgumentParser()
parser.add_argument("gguf")
parser.add_argument("--streams", type=int, default=64)
parser.add_argument("--prompt-tokens", type=int, default=64)
parser.add_argument("--tokens", type=int, default=64)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()

torch.manual_seed(1)
model = load_model(options.gguf, torch.bfloat16 if options.bf16 else torch.float32).eval()
prompts = torch.randint(0, model.config.vocab_size, (options.streams, options.prompt_tokens))
mask = torch.ones_like(prompts)


@torch.inference_mode()
def generate():
    result = model.generate(
        prompts,
        attention_mask=mask,
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        min_new_tokens=options.tokens,
        max_new_tokens=options.tokens,
        pad_token_id=0,
    )
    assert result.shape == (options.streams, options.prompt_tokens + options.tokens)


seconds = median_seconds(generate, options.rounds)
print(json.dumps({"tokensPerSecond": options.streams * options.tokens / seconds}))
