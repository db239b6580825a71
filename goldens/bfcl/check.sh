#!/usr/bin/env bash
# Compares the tool_call grader with the leaderboard's own checker, on every gold call and on corrupted ones.
#
#   goldens/bfcl/check.sh PYTHON [COUNT] [SEED]
#
# PYTHON: an interpreter; bfcl-eval itself is fetched without its dependencies into a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:?usage: check.sh PYTHON [COUNT] [SEED]}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m pip download --quiet --no-deps --dest "$folder" bfcl-eval==2026.3.23
"$python" -m zipfile -e "$folder"/bfcl_eval-*.whl "$folder/bfcl"
mvn -q -B -ntp test -pl hone-core -Dtest=GraderVerdictsTest -Dhone.excluded-tests=none \
    -DargLine="-Dhone.verdicts=$folder/verdicts.jsonl -Dhone.verdicts.count=${2:-2000} -Dhone.verdicts.seed=${3:-1}"
"$python" goldens/bfcl/check.py "$folder/bfcl" "$folder/verdicts.jsonl"
