"""Generation by llama.cpp's server (xllamacpp, in this process, on 127.0.0.1) from random prompts, at temperature 1.

usage: llamacpp.py GGUF [--streams 32] [--prompt-tokens 64] [--tokens 64] [--rounds 5]
"""
import argparse
import json
import random
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import xllamacpp

from common import THREADS, median_seconds

parser = argparse.ArgumentParser()
parser.add_argument("gguf")
parser.add_argument("--streams", type=int, default=32)
parser.add_argument("--prompt-tokens", type=int, default=64)
parser.add_argument("--tokens", type=int, default=64)
parser.add_argument("--rounds", type=int, default=5)
options = parser.parse_args()

params = xllamacpp.CommonParams()
params.model.path = options.gguf
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = options.streams * (options.prompt_tokens + options.tokens + 16)
params.n_parallel = options.streams
params.cpuparams.n_threads = THREADS
params.cpuparams_batch.n_threads = THREADS
params.cache_prompt = False
server = xllamacpp.Server(params)
choose = random.Random(1)
prompts = [[choose.randrange(1000, 49000) for _ in range(options.prompt_tokens)] for _ in range(options.streams)]


def ask(prompt):
    body = json.dumps(
        {
            "prompt": prompt,
            "n_predict": options.tokens,
            "ignore_eos": True,
            "cache_prompt": False,
            "temperature": 1.0,
            "top_k": 0,
            "top_p": 1.0,
            "min_p": 0.0,
            "samplers": ["temperature"],
        }
    ).encode()
    request = urllib.request.Request(
        server.listening_address + "/completion", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=600) as response:
        answer = json.load(response)
    assert answer["tokens_predicted"] == options.tokens, answer


def all_streams():
    with ThreadPoolExecutor(options.streams) as pool:
        list(pool.map(ask, prompts))


seconds = median_seconds(all_streams, options.rounds)
print(json.dumps({"tokensPerSecond": options.streams * options.tokens / seconds}))
