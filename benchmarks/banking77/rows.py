"""The fixed rows of banking77 (PolyAI, CC-BY-4.0): 1,000 of train.csv to learn from, 400 of test.csv to be judged on.

usage: rows.py FOLDER_WITH_CSV OUT

Writes train.jsonl and test.jsonl ({"input", "output"}), and few-shot.jsonl: the test rows, each after the five training rows
nearest by TF-IDF as earlier turns. No text of the test rows is in train.jsonl.
"""
import csv
import json
import pathlib
import random
import sys

from sklearn.feature_extraction.text import TfidfVectorizer

SEED, TRAIN, TEST, SHOTS = 77, 1000, 400, 5
source, out = map(pathlib.Path, sys.argv[1:3])


def rows(name):
    with open(source / name, encoding="utf-8", newline="") as file:
        return [(row["text"].strip(), row["category"]) for row in csv.DictReader(file)]


def write(name, objects):
    (out / name).write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), encoding="utf-8")


choose = random.Random(SEED)
test = choose.sample(rows("test.csv"), TEST)
said = {text.lower() for text, _ in test}
train = choose.sample([row for row in rows("train.csv") if row[0].lower() not in said], TRAIN)
out.mkdir(parents=True, exist_ok=True)
write("train.jsonl", ({"input": text, "output": label} for text, label in train))
write("test.jsonl", ({"input": text, "output": label} for text, label in test))

vectors = TfidfVectorizer(sublinear_tf=True)
known = vectors.fit_transform(text for text, _ in train)
near = (vectors.transform(text for text, _ in test) @ known.T).toarray().argsort(axis=1)[:, -SHOTS:]
shots = []
for (text, label), nearest in zip(test, near):
    messages = [{"role": "system", "content": "Answer every message with its category, like the examples."}]
    for i in nearest:
        messages += [{"role": "user", "content": train[i][0]}, {"role": "assistant", "content": train[i][1]}]
    shots.append({"messages": messages + [{"role": "user", "content": text}, {"role": "assistant", "content": label}]})
write("few-shot.jsonl", shots)
