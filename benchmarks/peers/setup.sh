#!/usr/bin/env bash
# Makes a throw-away virtual environment with the peers that Hone is compared with and the references that its goldens come
# from. They are never a dependency of the product.
#
#   benchmarks/peers/setup.sh FOLDER
set -euo pipefail
folder=${1:?usage: setup.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --upgrade pip
"$folder/bin/pip" install --quiet --requirement "$here/requirements.txt"
"$folder/bin/python" -c 'import torch, transformers, peft; print(torch.__version__, transformers.__version__, peft.__version__)'
touch "$folder/READY"
