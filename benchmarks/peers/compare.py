"""Hone against its peers on this machine: every pair interleaved, process by process; medians, and the median of the ratios.

usage: compare.py VENV GGUF ROWS.jsonl WORK [--rounds 5] [--only NAME ...]

VENV is what setup.sh made, GGUF the base model (hone model info says where it is), ROWS one epoch of {"input", "output"}
lines, WORK an empty folder. Nothing else may run. Prints one JSON object a process and a Markdown table last.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
HONE = str(HERE.parent.parent / "hone")

parser = argparse.ArgumentParser()
parser.add_argument("venv")
parser.add_argument("gguf")
parser.add_argument("rows")
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--only", nargs="*", default=[])
options = parser.parse_args()
PYTHON = options.venv + "/bin/python"
GENERATE = ["--prompt-tokens", "64", "--tokens", "64", "--rounds", "1"]


# glibc gives large blocks back to the system at every free; without that peers train up to 1.6 times as fast.
MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(256 << 20)}


def run(command, **variables):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        sys.exit(f"{command} failed with {done.returncode}:\n{done.stderr[-4000:]}")
    return json.loads(lines[-1])


def hone_bench(*arguments):
    return lambda: run([HONE, "bench", *arguments, "--model", options.gguf, "--json"])["tokensPerSecond"]


def peer(script, *arguments):
    return lambda: run([PYTHON, str(HERE / script), options.gguf, *arguments], **MEMORY)["tokensPerSecond"]


def hone_epoch(precision):
    out = options.work / "run"

    def epoch():
        shutil.rmtree(out, ignore_errors=True)
        train = [HONE, "train", "--data", options.rows, "--out", str(out), "--model", options.gguf, "--epochs", "1"]
        result = run([*train, "--precision", precision, "--json"])
        return 1 / result["run"]["training"]["wallSeconds"]

    return epoch


def peer_epoch(*arguments):
    train = [PYTHON, str(HERE / "train_epoch.py"), options.gguf, str(options.work / "run"), options.rows]
    return lambda: 1 / run([*train, *arguments], **MEMORY)["seconds"]


def sample(mode, streams):
    return hone_bench("sample", "--mode", mode, "--streams", str(streams), *GENERATE)


def hone_reinforce(*arguments):
    bench = [HONE, "bench", "reinforce", *arguments, "--precision", "bf16", "--model", options.gguf, "--json"]
    return lambda: run(bench)["samplesPerSecond"]


def peer_reinforce(*arguments):
    script = [PYTHON, str(HERE / "grpo.py"), options.gguf, str(options.work / "run"), "--micro", "8", "--bf16", *arguments]
    return lambda: run(script, **MEMORY)["samplesPerSecond"]


SHORT = ["--prompts", "4", "--prompt-tokens", "64", "--tokens", "128", "--rounds", "1"]
LONG = ["--prompts", "4", "--prompt-tokens", "256", "--tokens", "16", "--rounds", "1"]
TRAIN = ["--rows", "4", "--row-tokens", "256", "--rounds", "2"]
PAIRS = {
    "padded fp32": (hone_bench("train", *TRAIN), peer("train_padded.py", *TRAIN), "tokens/s"),
    "padded bf16": (hone_bench("train", *TRAIN, "--precision", "bf16"), peer("train_padded.py", *TRAIN, "--bf16"), "tokens/s"),
    "epoch fp32": (hone_epoch("fp32"), peer_epoch(), "epochs/s"),
    "epoch bf16": (hone_epoch("bf16"), peer_epoch("--bf16"), "epochs/s"),
    "generate fp32": (sample("exact", 64), peer("generate.py", *GENERATE), "tokens/s"),
    "generate int8/fp32": (sample("fast", 64), peer("generate.py", *GENERATE), "tokens/s"),
    "generate int8/bf16": (sample("fast", 64), peer("generate.py", *GENERATE, "--bf16"), "tokens/s"),
    "reinforce 64/128": (hone_reinforce(*SHORT), peer_reinforce(*SHORT), "samples/s"),
    "reinforce 256/16": (hone_reinforce(*LONG), peer_reinforce(*LONG), "samples/s"),
    "llama.cpp 1 stream": (sample("fast", 1), peer("llamacpp.py", "--streams", "1", *GENERATE), "tokens/s"),
    "llama.cpp 32 streams": (sample("fast", 32), peer("llamacpp.py", "--streams", "32", *GENERATE), "tokens/s"),
}

options.work.mkdir(parents=True, exist_ok=True)
table = []
for name, (ours, theirs, unit) in PAIRS.items():
    if options.only and name not in options.only:
        continue
    pairs = []
    for _ in range(options.rounds):
        pairs.append((ours(), theirs()))
        print(json.dumps({"name": name, "hone": pairs[-1][0], "peer": pairs[-1][1]}), flush=True)
    ratios = sorted(a / b for a, b in pairs)
    table.append(
        f"| {name} | {statistics.median(a for a, _ in pairs):.4g} | {statistics.median(b for _, b in pairs):.4g} | {unit} |"
        f" **{statistics.median(ratios):.2f}** ({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
    )
print("\n| what | Hone | peer | unit | ratio (range) |\n| --- | --- | --- | --- | --- |")
print("\n".join(table))
