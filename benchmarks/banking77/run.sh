#!/bin/sh
# Fine-tunes SmolLM2-135M on 1,000 rows of banking77 and judges it on 400, in fp32 and, for what int8 costs, in fast mode,
# beside TF-IDF with a linear SVM and the base model with five examples.
# Usage: benchmarks/banking77/run.sh VENV FOLDER WORK [hone train options]; VENV made by benchmarks/peers/setup.sh, FOLDER
# with train.csv and test.csv, WORK an empty folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$(cd "${1:?usage: run.sh VENV FOLDER WORK}" && pwd)/bin/python
data=${2:?usage: run.sh VENV FOLDER WORK}
work=${3:?usage: run.sh VENV FOLDER WORK}
shift 3
hone=$here/../../hone

"$python" "$here/rows.py" "$data" "$work"
"$python" "$here/floor.py" "$work"
"$hone" eval --data "$work/few-shot.jsonl" --max-tokens 16 --json
"$hone" train --data "$work/train.jsonl" --out "$work/model" --json "$@"
"$hone" eval --data "$work/test.jsonl" --model "$work/model" --max-tokens 32 --outputs "$work/answers.jsonl" --json
"$hone" eval --data "$work/test.jsonl" --model "$work/model" --max-tokens 32 --mode fast --json
