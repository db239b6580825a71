"""What the peers share: the base model from a GGUF as transformers reads it, tokens by Hone's own tokenizer files, timing."""
import json
import statistics
import time

import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

THREADS = 2
ADAPTED = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def load_model(gguf, dtype=torch.float32):
    torch.set_num_threads(THREADS)
    folder, _, name = gguf.rpartition("/")
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=dtype, attn_implementation="sdpa")
    # Reading has turned the weights into plain ones; a trainer refuses a model that says it is quantised.
    model.hf_quantizer = None
    model.is_quantized = False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    return model


def load_tokenizer(run):
    """The tokenizer and chat template that `hone train` put beside a result."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{run}/tokenizer.json")
    config = json.load(open(f"{run}/tokenizer_config.json", encoding="utf-8"))
    tokenizer.chat_template = config["chat_template"]
    tokenizer.eos_token = tokenizer.pad_token = "<|im_end|>"
    return tokenizer


def adapted(model, rank=16):
    from peft import LoraConfig, get_peft_model

    return get_peft_model(model, LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=ADAPTED, task_type="CAUSAL_LM"))


def median_seconds(work, rounds):
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
