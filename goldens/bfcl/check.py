"""Grades the same outputs by the leaderboard's own rule, and compares: check.py WHEEL_FOLDER VERDICTS."""

import json
import sys
from pathlib import Path

from checker import load

folder, verdicts = Path(sys.argv[1]), Path(sys.argv[2])

checker, language = load(folder)
tasks = {}
for kind in ("simple", "multiple"):
    name = f"BFCL_v4_live_{kind}.json"
    for line in (folder / "bfcl_eval/data" / name).read_text().splitlines():
        row = json.loads(line)
        tasks[row["id"]] = [f"live_{kind}", row["function"], None]
    for line in (folder / "bfcl_eval/data/possible_answer" / name).read_text().splitlines():
        row = json.loads(line)
        tasks[row["id"]][2] = row["ground_truth"]

total = right = gold_wrong = different = 0
seen = set()
for line in verdicts.read_text().splitlines():
    row = json.loads(line)
    call = json.loads(row["output"])
    category, functions, truth = tasks[row["id"]]
    try:
        theirs = checker.ast_checker(
            functions, [{call["name"]: call["arguments"]}], truth, language, category, "plain")["valid"]
    except Exception as error:
        # The checker stumbles over some shapes; the leaderboard counts such an output as wrong.
        theirs = False
    total += 1
    right += theirs
    if row["id"] not in seen:
        seen.add(row["id"])
        gold_wrong += not theirs
    if theirs != row["right"]:
        different += 1
        print("DIFFERENT", "theirs", theirs, "ours", row["right"], row["output"], truth)
print(f"{total} outputs, {right} right by the leaderboard's checker, {different} different verdicts;"
      f" {len(seen)} gold calls, of which it calls {gold_wrong} wrong")
sys.exit(different > 0)
