#!/usr/bin/env bash
# OpenAI's own Python client against a served model: check.sh VENV [MODEL ROW.json]
# VENV has `pip install openai`. MODEL with ROW.json ({"sentence", "tools"}): one that was taught calls, by `hone demo`.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
python="$1/bin/python"
model="${2:-smollm2-135m-instruct}"
out="$(mktemp)"
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -f "$out"' EXIT
"$here/../../hone" serve-model --model "$model" --name served --port 0 ${3:+--prompt brief-tools} --json >"$out" &
server=$!
until [ -s "$out" ]; do
    kill -0 "$server" || exit 1
    sleep 0.2
done
url="$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["url"])' "$out")"
"$python" "$here/check.py" "$url" served ${3:+"$3"}
