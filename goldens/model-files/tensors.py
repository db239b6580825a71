"""Makes the fixtures of dev.hone.tensor with the reference implementations: Python's gguf and safetensors.

    python -m venv venv && venv/bin/pip install -r goldens/model-files/requirements.txt
    venv/bin/python goldens/model-files/tensors.py

tiny.gguf           one tensor of each supported type, metadata of each type
tiny.safetensors    F32, F16, BF16; a scalar, an empty tensor
decoded.safetensors every tensor of both files decoded to F32: "gguf/NAME" and "safetensors/NAME"
"""

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, dequantize, quantize
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

FOLDER = Path(__file__).parents[2] / "hone-engine/src/test/resources/dev/hone/tensor"
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1"]


def numbers(generator, *shape):
    """Normal numbers over eight magnitudes."""
    return (generator.standard_normal(shape) * 10.0 ** generator.integers(-4, 4, shape)).astype(np.float32)


def gguf(generator):
    writer = GGUFWriter(FOLDER / "tiny.gguf", "llama")
    writer.add_uint8("u8", 255)
    writer.add_int8("i8", -128)
    writer.add_uint16("u16", 65535)
    writer.add_int16("i16", -32768)
    writer.add_uint32("u32", 4294967295)
    writer.add_int32("i32", -2147483648)
    writer.add_uint64("u64", 9223372036854775807)
    writer.add_int64("i64", -9223372036854775808)
    writer.add_float32("f32", 1.5)
    writer.add_float64("f64", -0.1)
    writer.add_bool("flag", True)
    writer.add_string("text", "naïve Ġ🙂")
    writer.add_array("texts", ["a", "", "é"])
    writer.add_array("wholes", [1, -2, 3])
    writer.add_array("reals", [0.5, -0.25])
    for name in TYPES:
        type = GGMLQuantizationType[name]
        # Two shapes: rows of one block, and one row of many.
        for shape in [(3, 32), (160,)]:
            encoded = quantize(numbers(generator, *shape), type)
            writer.add_tensor(f"{name}.{len(shape)}", encoded, raw_dtype=type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return {
        f"gguf/{tensor.name}": dequantize(tensor.data, tensor.tensor_type).reshape(tuple(map(int, tensor.shape[::-1])))
        for tensor in GGUFReader(FOLDER / "tiny.gguf").tensors
    }


def safetensors(generator):
    f32 = numbers(generator, 2, 3)
    f32[0] = [np.inf, -0.0, 1e-45]
    f16 = numbers(generator, 5, 4).astype(np.float16)  # overflows to infinity
    f16[0] = [np.inf, -np.inf, 6e-8, -0.0]
    bf16 = (numbers(generator, 7).view(np.uint32) >> 16).astype(np.uint16)
    scalar = np.array(42.5, dtype=np.float32)
    empty = np.zeros((0, 4), dtype=np.float32)
    stored = {"f32": ("F32", f32), "f16": ("F16", f16), "bf16": ("BF16", bf16), "scalar": ("F32", scalar)}
    stored["empty"] = ("F32", empty)
    rust = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
    serialize_file(
        {
            name: TensorSpec(dtype=rust[type], shape=a.shape, data_ptr=a.ctypes.data, data_len=a.nbytes)
            for name, (type, a) in stored.items()
        },
        FOLDER / "tiny.safetensors",
        {"format": "pt"},
    )
    decoded = {f"safetensors/{name}": a.astype(np.float32) for name, (type, a) in stored.items() if type != "BF16"}
    decoded["safetensors/bf16"] = (bf16.astype(np.uint32) << 16).view(np.float32)
    return decoded


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    save_file(gguf(random) | safetensors(random), FOLDER / "decoded.safetensors")
