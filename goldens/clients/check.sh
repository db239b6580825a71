#!/usr/bin/env bash
# OpenAI's clients for Python and Node at `hone serve` before a scripted server:
#   check.sh [pypi] [npm]       a registry that cannot be reached is a failure
#   check.sh --where-reachable  both, and such a registry is told only
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
python_client='openai==3.57.0'
npm_client='openai@7.57.0'
wanted=("$@")
lenient=
if [ "${1:-}" = --where-reachable ]; then
    lenient=yes
    wanted=()
fi
[ "${#wanted[@]}" -gt 0 ] || wanted=(pypi npm)

work="$(mktemp -d)"
export HONE_HOME="$work/home"
unset HONE_DB_URL
started=()
cleanup() {
    for pid in "${started[@]}"; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

# Installs a client, or says that this cannot be done.
failed=0
ready=()
for registry in "${wanted[@]}"; do
    case $registry in
        pypi) install=(sh -c "python3 -m venv '$work/python' && '$work/python/bin/pip' install -q --disable-pip-version-check '$python_client'") ;;
        npm) install=(npm install --silent --no-audit --no-fund --prefix "$work/npm" "$npm_client") ;;
        *)
            echo "There is no [$registry]: name [pypi] or [npm]" >&2
            exit 2
            ;;
    esac
    if timeout 300 "${install[@]}" >"$work/install.log" 2>&1; then
        ready+=("$registry")
    else
        echo "$registry: its client cannot be installed: $(tail -n 1 "$work/install.log")"
        [ -n "$lenient" ] || failed=1
    fi
done
[ "${#ready[@]}" -gt 0 ] || exit "$failed"

# Waits until a started process has said something.
await() {
    for _ in $(seq 1200); do
        [ -s "$1" ] && return
        kill -0 "$2" 2>/dev/null || { echo "[$1] stayed empty: its process has ended" >&2; exit 1; }
        sleep 0.1
    done
    echo "[$1] stayed empty for two minutes" >&2
    exit 1
}

port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
mkdir "$work/use-cases"
cat >"$work/hone.yaml" <<END
port: 0
keys: required
upstreams:
  own: {url: "http://127.0.0.1:$port/v1", prices: {model: {input: 1}}}
END
cat >"$work/use-cases/job.yaml" <<END
name: job
owner: nobody
job: Repeats a text.
good: {kind: string_check, operation: eq}
viewers: [nobody]
variants:
  only: {upstream: own, model: model}
END
key="$("$root/hone" keys add clients)"
"$root/hone" serve --config "$work/hone.yaml" --use-cases "$work/use-cases" --json >"$work/gateway" &
gateway=$!
started+=("$gateway")
await "$work/gateway" "$gateway"
url="$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["url"])' "$work/gateway")"

# The launcher has become the virtual machine, of a JDK that it found.
java="$(readlink "/proc/$gateway/exe" || command -v java)"
mkfifo "$work/hold"
"$java" -cp "$root/hone-core/target/classes:$(cat "$root/hone-app/target/launcher.classpath")" \
    "$root/hone-app/src/test/java/dev/hone/clients/ScriptedServer.java" "$port" <"$work/hold" >"$work/upstream" &
started+=($!)
exec 3>"$work/hold"
await "$work/upstream" $!

for registry in "${ready[@]}"; do
    case $registry in
        pypi) client=("$work/python/bin/python" "$here/check.py") ;;
        npm) client=(sh -c 'cd "$1" && shift && node "$@"' sh "$work/npm" "$here/check.mjs") ;;
    esac
    "${client[@]}" "$url" "$key" "$work/$registry.jsonl" || failed=1
done
exit "$failed"
