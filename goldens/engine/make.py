"""Golden values of the engine: tiny random models, their logits, losses, gradients and optimiser steps, by PyTorch.

    python goldens/engine/make.py OUT        (benchmarks/peers/setup.sh makes the environment)

OUT/<family>/            a Hugging Face folder (config.json, model.safetensors, fp32)
OUT/<family>/golden.json token sequences, targets, loss weights, losses, seed and versions
OUT/<family>/golden.safetensors
    logits.<i>           fp32, of sequence i
    full.<name>          gradient of the weight <name>, computed in fp64
    adapter.<name>       LoRA adapters in PEFT's names (rank 4, alpha 8, on all linears)
    lora.<name>          their gradients, computed in fp64
    adamw.<name>         the adapters after three AdamW steps with clipping at norm 1 (lr 1e-2, weight decay 0.1)
"""

import json
import math
import sys
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

SEED = 20260901
VOCABULARY = 96
LENGTHS = [5, 17, 11]

SHAPE = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=128, attention_dropout=0.0)
LLAMA3 = dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16, rope_theta=10000.0)
FAMILIES = {
    "llama": (LlamaForCausalLM, LlamaConfig, dict(tie_word_embeddings=True, rope_theta=10000.0, rms_norm_eps=1e-5)),
    "llama3": (LlamaForCausalLM, LlamaConfig, dict(tie_word_embeddings=False, rope_parameters=LLAMA3, rms_norm_eps=1e-5)),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config, dict(tie_word_embeddings=True, rope_theta=10000.0, rms_norm_eps=1e-6)),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config,
              dict(tie_word_embeddings=False, rope_theta=10000.0, rms_norm_eps=1e-6, head_dim=12)),
}
LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def randomise(model, generator):
    """Weights large enough that every gradient matters; norms and biases away from their neutral values."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float32)
            if "norm" in name:
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.3 * noise)
            elif parameter.dim() == 2:
                parameter.copy_(noise / math.sqrt(parameter.shape[1]))


def rows(generator):
    result = []
    for length in LENGTHS:
        ids = torch.randint(0, VOCABULARY, (length + 1,), generator=generator)
        mask = torch.rand(length, generator=generator) > 0.4
        mask[-1] = True
        result.append((ids[:-1].tolist(), ids[1:].tolist(), mask.tolist()))
    count = sum(sum(mask) for _, _, mask in result)
    return [(tokens, targets, [1.0 / count if m else 0.0 for m in mask]) for tokens, targets, mask in result]


def loss_of(model, batch, dtype):
    total = torch.zeros((), dtype=dtype)
    for tokens, targets, weights in batch:
        logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0].to(dtype)
        logprobs = torch.log_softmax(logits, -1)[torch.arange(len(tokens)), torch.tensor(targets)]
        total = total - (logprobs * torch.tensor(weights, dtype=dtype)).sum()
    return total


def gradients(model, batch):
    model.zero_grad()
    loss = loss_of(model, batch, torch.float64)
    loss.backward()
    return loss.item(), {n: p.grad.float().contiguous() for n, p in model.named_parameters() if p.grad is not None}


def main(out):
    for family, (model_class, config_class, extra) in FAMILIES.items():
        generator = torch.Generator().manual_seed(SEED)
        config = config_class(**SHAPE, **extra)
        config._attn_implementation = "eager"
        model = model_class(config).float()
        randomise(model, generator)
        model.tie_weights()
        folder = out / family
        model.save_pretrained(folder, safe_serialization=True)
        (folder / "generation_config.json").unlink(missing_ok=True)
        batch = rows(generator)
        tensors = {}
        with torch.no_grad():
            for i, (tokens, _, _) in enumerate(batch):
                tensors[f"logits.{i}"] = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0].float()

        model = model.double()
        full_loss, full = gradients(model, batch)
        tensors.update({f"full.{n}": g for n, g in full.items()})

        adapted = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=LINEARS))
        adapted = adapted.double()
        with torch.no_grad():
            for name, parameter in adapted.named_parameters():
                if "lora_" in name:
                    noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float32)
                    parameter.copy_(0.2 * noise)
        named = {n: p for n, p in adapted.named_parameters() if p.requires_grad}
        strip = lambda name: name.replace(".default", "")
        tensors.update({f"adapter.{strip(n)}": p.detach().float().clone() for n, p in named.items()})
        lora_loss, lora = gradients(adapted, batch)
        tensors.update({f"lora.{strip(n)}": g for n, g in lora.items()})

        optimiser = torch.optim.AdamW(named.values(), lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)
        norms, losses = [], []
        for _ in range(3):
            optimiser.zero_grad()
            loss = loss_of(adapted, batch, torch.float64)
            loss.backward()
            norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
            losses.append(loss.item())
            optimiser.step()
        tensors.update({f"adamw.{strip(n)}": p.detach().float().clone() for n, p in named.items()})

        save_file({n: t.contiguous() for n, t in tensors.items()}, folder / "golden.safetensors")
        (folder / "golden.json").write_text(json.dumps(dict(
            rows=[dict(tokens=t, targets=y, weights=w) for t, y, w in batch], fullLoss=full_loss, loraLoss=lora_loss,
            adamwNorms=norms, adamwLosses=losses, rank=4, alpha=8, learningRate=1e-2, weightDecay=0.1, seed=SEED,
            versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__)),
            indent=1) + "\n")
        print(family, full_loss, lora_loss, norms)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
