"""Grades the same outputs by the leaderboard's own rule, and compares: check.py WHEEL_FOLDER VERDICTS."""

import importlib.util
import json
import sys
import types
from pathlib import Path

folder, verdicts = Path(sys.argv[1]), Path(sys.argv[2])

# ast_checker imports the model list (every provider's SDK) and the Java and JavaScript converters, which a Python rule
# does not use: they are replaced by empty modules, the checker itself is the published file.
for name, attributes in {
    "bfcl_eval": {}, "bfcl_eval.constants": {}, "bfcl_eval.eval_checker": {}, "bfcl_eval.eval_checker.ast_eval": {},
    "bfcl_eval.eval_checker.ast_eval.type_convertor": {},
    "bfcl_eval.constants.model_config": {
        "MODEL_CONFIG_MAPPING": {"plain": types.SimpleNamespace(underscore_to_dot=False)}},
    "bfcl_eval.constants.type_mappings": {"JAVA_TYPE_CONVERSION": {}, "JS_TYPE_CONVERSION": {}},
    "bfcl_eval.eval_checker.ast_eval.type_convertor.java_type_converter": {"java_type_converter": None},
    "bfcl_eval.eval_checker.ast_eval.type_convertor.js_type_converter": {"js_type_converter": None},
}.items():
    module = types.ModuleType(name)
    module.__dict__.update(attributes)
    sys.modules[name] = module


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, folder / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


enums = load("bfcl_eval.constants.enums", "bfcl_eval/constants/enums.py")
checker = load("checker", "bfcl_eval/eval_checker/ast_eval/ast_checker.py")

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
            functions, [{call["name"]: call["arguments"]}], truth, enums.Language.PYTHON, category, "plain")["valid"]
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
