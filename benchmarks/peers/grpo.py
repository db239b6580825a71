"""Steps of GRPO by TRL's GRPOTrainer with LoRA: random prompts of one length, completions of one length, random rewards.

usage: grpo.py GGUF HONE_RUN [--prompts 8] [--samples 8] [--prompt-tokens 64] [--tokens 128] [--rounds 3] [--micro 64] [--bf16]

HONE_RUN is a folder with the tokenizer that `hone train` put beside a result. Rewards are random, so that every group teaches.
Prints the median step in seconds, after one to warm up.
"""
import argparse
import json
import random
import statistics
import tempfile
import time

import torch
from datasets import Dataset
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

from common import adapted, load_model, load_tokenizer

parser = argparse.ArgumentParser()
parser.add_argument("gguf")
parser.add_argument("run")
parser.add_argument("--prompts", type=int, default=8)
parser.add_argument("--samples", type=int, default=8)
parser.add_argument("--prompt-tokens", type=int, default=64)
parser.add_argument("--tokens", type=int, default=128)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--micro", type=int, default=64)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()

torch.manual_seed(1)
random.seed(1)
tokenizer = load_tokenizer(options.run)
# Words that are one token each after a space: a prompt of n of them is n tokens long.
words = [word for word in tokenizer.get_vocab() if word.startswith("Ġ") and word[1:].isascii() and word[1:].isalpha() and word[1:].islower()]
words.sort()
steps = options.rounds + 1
texts = [" " + " ".join(random.choice(words)[1:] for _ in range(options.prompt_tokens)) for _ in range(options.prompts * steps)]
lengths = {len(tokenizer(text)["input_ids"]) for text in texts}
assert lengths == {options.prompt_tokens}, lengths


def reward(completions, **_):
    return [float(random.random() < 0.5) for _ in completions]


class Clock(TrainerCallback):
    """When each step was done: a step is what lies between two ends, its sampling and its update."""

    def __init__(self):
        self.ends = []

    def on_step_end(self, *_, **__):
        self.ends.append(time.perf_counter())


rows = options.prompts * options.samples
micro = min(options.micro, rows)
with tempfile.TemporaryDirectory() as folder:
    config = GRPOConfig(
        output_dir=folder,
        max_steps=steps,
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=rows // micro,
        num_generations=options.samples,
        max_completion_length=options.tokens,
        generation_kwargs={"min_new_tokens": options.tokens},
        temperature=1.0,
        top_k=0,
        beta=0.0,
        loss_type="dapo",
        scale_rewards="none",
        epsilon=0.2,
        epsilon_high=0.28,
        mask_truncated_completions=False,
        learning_rate=1e-4,
        lr_scheduler_type="constant",
        optim="adamw_torch_fused",
        gradient_checkpointing=False,
        bf16=options.bf16,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        logging_steps=1000,
        disable_tqdm=True,
    )
    clock = Clock()
    trainer = GRPOTrainer(
        adapted(load_model(options.gguf)),
        reward,
        args=config,
        train_dataset=Dataset.from_list([{"prompt": text} for text in texts]),
        processing_class=tokenizer,
        callbacks=[clock],
    )
    trainer.train()
seconds = statistics.median(after - before for before, after in zip(clock.ends, clock.ends[1:]))
print(json.dumps({"seconds": seconds, "samplesPerSecond": rows / seconds}))
