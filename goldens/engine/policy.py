"""Golden values of the policy losses: their value and every LoRA gradient by PyTorch's autograd, in fp64.

    python goldens/engine/policy.py FOLDER        (FOLDER/llama as make.py left it; the same environment)

FOLDER/llama/policy.json        how each row was drawn, and the losses
FOLDER/llama/policy.safetensors <loss>.<name>: gradient of the adapter <name>
"""

import json
import sys
from pathlib import Path

import torch
from make import LINEARS, SEED
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import LlamaForCausalLM

TEMPERATURES = [1.0, 0.7, 1.3]


def importance(logprobs, behaviour, advantages):
    return -torch.exp(logprobs - behaviour) * advantages


def ppo(logprobs, behaviour, advantages):
    ratio = torch.exp(logprobs - behaviour)
    objective = torch.minimum(ratio * advantages, ratio.clamp(0.8, 1.28) * advantages)
    return -torch.where(advantages < 0, torch.maximum(objective, 3 * advantages), objective)


def cispo(logprobs, behaviour, advantages):
    weight = torch.exp(logprobs - behaviour).clamp(max=1.5).detach()
    return -weight * advantages * logprobs


LOSSES = {"importance": importance, "ppo": ppo, "cispo": cispo}


def logprobs_of(model, row, temperature):
    logits = model(input_ids=torch.tensor([row["tokens"]]), use_cache=False).logits[0] / temperature
    return torch.log_softmax(logits, -1)[torch.arange(len(row["tokens"])), torch.tensor(row["targets"])]


def main(folder):
    generator = torch.Generator().manual_seed(SEED)
    golden = json.loads((folder / "golden.json").read_text())
    tensors = load_file(folder / "golden.safetensors")
    model = LlamaForCausalLM.from_pretrained(folder, attn_implementation="eager").double()
    model = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=LINEARS)).double()
    adapters = {n.replace(".default", ""): p for n, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, parameter in adapters.items():
            parameter.copy_(tensors["adapter." + name])

    draws = []
    for row, temperature in zip(golden["rows"], TEMPERATURES):
        with torch.no_grad():
            now = logprobs_of(model, row, temperature)
        # Ratios from 0.2 to 5 or so: every branch of every loss is taken.
        behaviour = (now + 0.7 * torch.randn(len(now), generator=generator, dtype=torch.float64)).float()
        advantages = torch.randn(len(now), generator=generator, dtype=torch.float64).float()
        draws.append(dict(behaviour=behaviour.tolist(), advantages=advantages.tolist(), temperature=temperature))

    values, gradients = {}, {}
    for name, loss in LOSSES.items():
        model.zero_grad()
        total = torch.zeros((), dtype=torch.float64)
        for row, draw in zip(golden["rows"], draws):
            terms = loss(
                logprobs_of(model, row, draw["temperature"]),
                torch.tensor(draw["behaviour"], dtype=torch.float64),
                torch.tensor(draw["advantages"], dtype=torch.float64),
            )
            total = total + (torch.tensor(row["weights"], dtype=torch.float64) * terms).sum()
        total.backward()
        values[name] = total.item()
        gradients.update({f"{name}.{n}": p.grad.float().contiguous() for n, p in adapters.items()})

    save_file(gradients, folder / "policy.safetensors")
    (folder / "policy.json").write_text(json.dumps(dict(draws=draws, losses=values, seed=SEED), indent=1) + "\n")
    print(values)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "llama")
