"""Prints the SHA-256 of every tensor of a GGUF file, decoded to fp32 by Python's gguf, and its name.

    python goldens/model-files/hashes.py FILE.gguf
"""

import hashlib
import sys

from gguf import GGUFReader, dequantize

for tensor in GGUFReader(sys.argv[1]).tensors:
    print(hashlib.sha256(dequantize(tensor.data, tensor.tensor_type).tobytes()).hexdigest(), tensor.name)
