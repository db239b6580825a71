"""An epoch of a file by TRL's SFTTrainer with LoRA: loss on the answer alone, rows of similar length together, no packing
(on a CPU transformers has no attention kernel that keeps packed rows apart without a full mask).

usage: train_epoch.py GGUF HONE_RUN FILE.jsonl [--rows-per-step 8] [--bf16]
"""
import argparse
import json
import tempfile
import time

import torch
from datasets import Dataset
from trl import SFTConfig, SFTTrainer

from common import adapted, load_model, load_tokenizer

parser = argparse.ArgumentParser()
parser.add_argument("gguf")
parser.add_argument("run")
parser.add_argument("file")
parser.add_argument("--rows-per-step", type=int, default=8)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()

torch.manual_seed(1)
tokenizer = load_tokenizer(options.run)
rows = [json.loads(line) for line in open(options.file, encoding="utf-8")]
data = Dataset.from_list(
    [
        {
            "prompt": [{"role": "user", "content": row["input"]}],
            "completion": [{"role": "assistant", "content": row["output"]}],
        }
        for row in rows
    ]
)
with tempfile.TemporaryDirectory() as folder:
    config = SFTConfig(
        output_dir=folder,
        num_train_epochs=1,
        per_device_train_batch_size=options.rows_per_step,
        learning_rate=1e-3,
        lr_scheduler_type="cosine",
        warmup_steps=0.05,
        optim="adamw_torch_fused",
        completion_only_loss=True,
        train_sampling_strategy="group_by_length",
        gradient_checkpointing=False,
        bf16=options.bf16,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        logging_steps=1000,
        disable_tqdm=True,
    )
    trainer = SFTTrainer(adapted(load_model(options.gguf)), config, train_dataset=data, processing_class=tokenizer)
    start = time.perf_counter()
    loss = trainer.train().training_loss
    print(json.dumps({"seconds": time.perf_counter() - start, "loss": loss}))
