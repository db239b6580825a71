"""The floor on banking77: TF-IDF of words and characters, linear support vector machine; its C by cross-validation on the
training rows.

usage: floor.py FOLDER_OF_rows.py
"""
import json
import math
import pathlib
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

folder = pathlib.Path(sys.argv[1])


def rows(name):
    parsed = [json.loads(line) for line in open(folder / name, encoding="utf-8")]
    return [row["input"] for row in parsed], [row["output"] for row in parsed]


def wilson(right, n, z=1.959964):
    p, d = right / n, 1 + z * z / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return (p + z * z / (2 * n)) / d - half, (p + z * z / (2 * n)) / d + half


texts, labels = rows("train.jsonl")
features = make_union(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
)
search = GridSearchCV(
    make_pipeline(features, LinearSVC(random_state=1)), {"linearsvc__C": [0.1, 0.3, 1, 3, 10]}, cv=5, n_jobs=2
).fit(texts, labels)
texts, labels = rows("test.jsonl")
outputs = search.predict(texts)
right = sum(a == b for a, b in zip(outputs, labels))
low, high = wilson(right, len(labels))
print(json.dumps({"C": search.best_params_["linearsvc__C"], "rows": len(labels), "accuracy": right / len(labels),
                  "low": low, "high": high}))
(folder / "floor.jsonl").write_text(
    "".join(json.dumps({"output": str(a), "right": b}) + "\n" for a, b in zip(outputs, labels)), encoding="utf-8")
