"""Makes the fixtures of dev.hone.model: tiny models, each as a Hugging Face folder and as the GGUF file of the same weights.

    venv/bin/python goldens/model-files/models.py      # venv: see tensors.py

Names, row order and metadata of the GGUF files follow llama.cpp's convert_hf_to_gguf.py.

llama   BF16 in two shards with an index, head apart, Llama 3's rotary scaling, rope_parameters as transformers 5 writes them
qwen2   F16, tied head, biases, rope_theta as transformers 4 writes it
qwen3   F32, head apart, norms of queries and keys
"""

import json
import math
import shutil
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, quantize
from safetensors import TensorSpec, serialize_file

FOLDER = Path(__file__).parents[2] / "hone-engine/src/test/resources/dev/hone/model"
VOCABULARY, LAYERS, HEADS, KV_HEADS, HEAD, FEED_FORWARD, POSITIONS = 40, 2, 4, 2, 8, 24, 64
GGUF_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def weights(random, hidden, bias, norms, tied):
    def normal(*shape):
        return random.standard_normal(shape).astype(np.float32)

    tensors = {"model.embed_tokens.weight": normal(VOCABULARY, hidden)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        tensors[prefix + "input_layernorm.weight"] = normal(hidden)
        for part, heads in [("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)]:
            tensors[f"{prefix}self_attn.{part}_proj.weight"] = normal(heads * HEAD, hidden)
            if bias:
                tensors[f"{prefix}self_attn.{part}_proj.bias"] = normal(heads * HEAD)
        if norms:
            tensors[prefix + "self_attn.q_norm.weight"] = normal(HEAD)
            tensors[prefix + "self_attn.k_norm.weight"] = normal(HEAD)
        tensors[prefix + "self_attn.o_proj.weight"] = normal(hidden, HEADS * HEAD)
        tensors[prefix + "post_attention_layernorm.weight"] = normal(hidden)
        tensors[prefix + "mlp.gate_proj.weight"] = normal(FEED_FORWARD, hidden)
        tensors[prefix + "mlp.up_proj.weight"] = normal(FEED_FORWARD, hidden)
        tensors[prefix + "mlp.down_proj.weight"] = normal(hidden, FEED_FORWARD)
    tensors["model.norm.weight"] = normal(hidden)
    if not tied:
        tensors["lm_head.weight"] = normal(VOCABULARY, hidden)
    return tensors


def encoded(tensor, type):
    """The stored numbers of a tensor, and their values in fp32."""
    if type == "F32":
        return tensor, tensor
    if type == "F16":
        return tensor.astype(np.float16), tensor.astype(np.float16).astype(np.float32)
    bits = (tensor.view(np.uint32) >> 16).astype(np.uint16)
    return bits, (bits.astype(np.uint32) << 16).view(np.float32)


def save(path, tensors, type):
    arrays = {name: encoded(tensor, type)[0] for name, tensor in tensors.items()}
    dtype = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}[type]
    serialize_file(
        {
            name: TensorSpec(dtype=dtype, shape=a.shape, data_ptr=a.ctypes.data, data_len=a.nbytes)
            for name, a in arrays.items()
        },
        path,
        {"format": "pt"},
    )


def folder(name, tensors, type, config, shards):
    target = FOLDER / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    if shards == 1:
        save(target / "model.safetensors", tensors, type)
        return
    names = list(tensors)
    map = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        part = names[shard * len(names) // shards : (shard + 1) * len(names) // shards]
        save(target / file, {name: tensors[name] for name in part}, type)
        map |= {name: file for name in part}
    index = {"metadata": {"total_size": 0}, "weight_map": map}
    (target / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def gguf_name(name):
    for theirs, ours in GGUF_NAMES.items():
        name = name.replace(theirs, ours)
    return name.replace("model.layers.", "blk.")


def permute(rows, heads):
    """LlamaModel.permute of convert_hf_to_gguf.py."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def gguf(name, tensors, type, config, hidden, theta, divisors=None):
    writer = GGUFWriter(FOLDER / f"{name}.gguf", name)
    writer.add_vocab_size(VOCABULARY)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(hidden)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(theta)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    if divisors is not None:
        writer.add_tensor("rope_freqs.weight", divisors)
    for tensor_name, tensor in tensors.items():
        value = encoded(tensor, type)[1]
        if name == "llama" and "q_proj" in tensor_name:
            value = permute(value, HEADS)
        if name == "llama" and "k_proj" in tensor_name:
            value = permute(value, KV_HEADS)
        stored = GGMLQuantizationType[type if value.ndim == 2 else "F32"]
        writer.add_tensor(gguf_name(tensor_name), quantize(value, stored), raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama3_divisors(theta, factor, low, high, positions):
    """LlamaModel.generate_extra_tensors of convert_hf_to_gguf.py."""
    divisors = []
    for i in range(0, HEAD, 2):
        wavelength = 2 * math.pi * theta ** (i / HEAD)
        if wavelength < positions / high:
            divisors.append(1)
        elif wavelength > positions / low:
            divisors.append(factor)
        else:
            share = (positions / wavelength - low) / (high - low)
            divisors.append(1 / ((1 - share) / factor + share))
    return np.array(divisors, dtype=np.float32)


def config(architecture, hidden, **others):
    return {
        "architectures": [f"{architecture}ForCausalLM"],
        "model_type": architecture.lower(),
        "hidden_act": "silu",
        "hidden_size": hidden,
        "intermediate_size": FEED_FORWARD,
        "max_position_embeddings": POSITIONS,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "num_key_value_heads": KV_HEADS,
        "rms_norm_eps": 1e-5,
        "vocab_size": VOCABULARY,
    } | others


def main():
    random = np.random.default_rng(2)
    llama3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}

    tensors = weights(random, 32, bias=False, norms=False, tied=False)
    rope = {"rope_type": "llama3", "rope_theta": 500000.0} | llama3
    llama = config("Llama", 32, attention_bias=False, mlp_bias=False, head_dim=8, rope_parameters=rope, dtype="bfloat16")
    folder("llama", tensors, "BF16", llama, shards=2)
    gguf("llama", tensors, "BF16", llama, 32, 500000.0, llama3_divisors(500000.0, 8.0, 1.0, 4.0, 8192))

    tensors = weights(random, 32, bias=True, norms=False, tied=True)
    qwen2 = config(
        "Qwen2",
        32,
        rope_theta=1000000.0,
        rope_scaling=None,
        tie_word_embeddings=True,
        sliding_window=64,
        use_sliding_window=False,
        torch_dtype="float16",
    )
    folder("qwen2", tensors, "F16", qwen2, shards=1)
    gguf("qwen2", tensors, "F16", qwen2, 32, 1000000.0)

    tensors = weights(random, 16, bias=False, norms=True, tied=False)
    qwen3 = config(
        "Qwen3", 16, head_dim=8, attention_bias=False, rope_theta=10000, sliding_window=None, tie_word_embeddings=False
    )
    folder("qwen3", tensors, "F32", qwen3, shards=1)
    gguf("qwen3", tensors, "F32", qwen3, 16, 10000.0)


if __name__ == "__main__":
    main()
