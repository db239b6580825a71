"""Compares, bit by bit, what transformers loads from a GGUF file with what it loads from a folder.

    python goldens/model-files/compare.py FILE.gguf FOLDER
"""

import sys
from pathlib import Path

import torch
import transformers

gguf = Path(sys.argv[1])
load = transformers.AutoModelForCausalLM.from_pretrained
expected = load(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
actual = load(sys.argv[2], dtype=torch.float32)
expected_tensors, actual_tensors = expected.state_dict(), actual.state_dict()
different = [name for name in expected_tensors if not torch.equal(expected_tensors[name], actual_tensors[name])]
if expected_tensors.keys() != actual_tensors.keys() or different:
    sys.exit(f"Different from transformers {transformers.__version__}: {different}")
ids = torch.arange(64)[None]
with torch.no_grad():
    distance = (expected(ids).logits - actual(ids).logits).abs().max().item()
# The same weights under another configuration would differ here.
if distance > 1e-4:
    sys.exit(f"Logits differ by {distance}")
print(f"{len(expected_tensors)} tensors equal, logits within {distance:.1e}, transformers {transformers.__version__}")
