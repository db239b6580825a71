"""Writes a table of hand-made calls with the verdicts of the leaderboard's own checker.

    python table.py WHEEL_FOLDER > hone-core/src/test/resources/dev/hone/grade/tool-calls.csv

WHEEL_FOLDER: the unzipped wheel bfcl-eval==2026.3.23. Quotes are written as apostrophes, for reading."""

import json
import sys

from checker import load

checker, language = load(sys.argv[1])
PROPERTIES = {
    "text": {"type": "string"}, "count": {"type": "integer"}, "rate": {"type": "float"}, "flag": {"type": "boolean"},
    "any": {"type": "any"}, "box": {"type": "dict"}, "words": {"type": "array", "items": {"type": "string"}},
    "counts": {"type": "array", "items": {"type": "integer"}}, "boxes": {"type": "array", "items": {"type": "dict"}},
}
BOX = [{"size": ["big", "large"], "n": [1, 2], "lid": ["", True]}]
BOXES = [[{"n": [1]}, {"n": ["", 2]}]]

CASES = [
    # required and optional arguments
    (["text"], {"text": ["a"]}, [{"text": "a"}, {}, {"text": "b"}, {"text": "a", "count": 1}, {"text": "a", "new": 1}]),
    (["text"], {"text": ["a"], "count": ["", 5]}, [{"text": "a"}, {"text": "a", "count": 5}, {"text": "a", "count": 6},
                                                   {"text": "a", "count": ""}, {"count": 5}]),
    (["text"], {"text": ["", "a"]}, [{}, {"text": ""}, {"text": "a"}]),
    ([], {"text": ["a"]}, [{}, {"text": "a"}]),
    ([], {}, [{}, {"text": "a"}]),
    # strings
    ([], {"text": ["New York, NY"]}, [{"text": v} for v in (
        "new york ny", "NEWYORKNY", "New-York/NY.", "New_York*^NY", "New York; NY", "New\tYork, NY", " New York, NY ",
        "New York", "")]),
    ([], {"text": ["it's"]}, [{"text": 'it"s'}, {"text": "it's"}, {"text": "its"}]),
    ([], {"text": ["Straße", "ΟΔΟΣ", "İ"]}, [{"text": v} for v in ("STRASSE", "straße", "οδος", "οδοσ", "i̇", "i")]),
    ([], {"text": ["5", "true"]}, [{"text": v} for v in (5, "5", True, "True", None)]),
    ([], {"any": ["5"]}, [{"any": "5"}, {"any": 5}]),
    # another type accepted than declared
    ([], {"text": [5]}, [{"text": v} for v in (5, "5", 5.0, 6)]),
    ([], {"text": [True]}, [{"text": v} for v in (True, 1, "True", False)]),
    ([], {"text": [None, "a"]}, [{"text": v} for v in (None, "a", "A")]),
    ([], {"text": ["", None]}, [{"text": v} for v in (None, "", "null")] + [{}]),
    ([], {"count": ["five"]}, [{"count": v} for v in ("five", "FIVE", 5)]),
    ([], {"box": ["box1"]}, [{"box": v} for v in ("box1", "Box1", {}, {"size": "b"})]),
    # numbers
    ([], {"count": [5]}, [{"count": v} for v in (5, 5.0, "5", 6, True, None, [5], 10 ** 30)]),
    ([], {"count": [1]}, [{"count": True}, {"count": 1}, {"count": 1.0}]),
    ([], {"rate": [4.0]}, [{"rate": v} for v in (4, 4.0, 4.5, "4.0", True, 4.000000001, None)]),
    ([], {"rate": [4]}, [{"rate": v} for v in (4, 4.0)]),
    ([], {"rate": [0.1]}, [{"rate": v} for v in (0.1, 1e-1, 0.10000000000000001)]),
    ([], {"flag": [True]}, [{"flag": v} for v in (True, False, "true", 1, None)]),
    ([], {"flag": ["", None]}, [{"flag": v} for v in (True, None, "")] + [{}]),
    # lists
    ([], {"words": [["a b", "c"]]}, [{"words": v} for v in (
        ["a b", "c"], ["AB", "C."], ["c", "a b"], ["a b"], ["a b", "c", "d"], [], "a b", ["a b", 1], {"a": 1})]),
    ([], {"words": [""]}, [{"words": v} for v in ([], ["a"], "", [""])] + [{}]),
    ([], {"words": ["", ["a"]]}, [{"words": v} for v in ([], ["a"], ["b"], [1])] + [{}]),
    ([], {"words": ["ab"]}, [{"words": v} for v in ("ab", ["a", "b"], ["ab"])]),
    ([], {"counts": [[1, 2]]}, [{"counts": v} for v in ([1, 2], [1.0, 2], [True, 2], [2, 1], ["1", "2"], [1, 2, 3])]),
    ([], {"counts": [[0, 1], ["x"]]}, [{"counts": v} for v in ([0, 1], ["x"], ["X"], [False, True])]),
    # objects
    ([], {"box": BOX}, [{"box": v} for v in (
        {"size": "big", "n": 1}, {"size": "LARGE", "n": 2, "lid": True}, {"size": "big"}, {"n": 1}, {},
        {"size": "big", "n": 1.0}, {"size": "big", "n": True}, {"size": "big", "n": "1"}, {"size": "big", "n": 1, "x": 1},
        {"size": "big", "n": 1, "lid": False}, {"size": "big", "n": 1, "lid": ""}, [], "big", None)]),
    ([], {"box": ["", {"n": [1]}]}, [{"box": v} for v in ({"n": 1}, {}, "", {"n": 2})] + [{}]),
    ([], {"box": [{"in": [{"a": 1}]}]}, [{"box": v} for v in (
        {"in": {"a": 1}}, {"in": {"a": 1.0}}, {"in": {"a": 2}}, {"in": {}}, {"in": [1]})]),
    # lists of objects
    ([], {"boxes": BOXES}, [{"boxes": v} for v in (
        [{"n": 1}, {}], [{"n": 1}, {"n": 2}], [{"n": 2}, {"n": 1}], [{"n": 1}], [], [{}, {}], [1, 2], [{"n": 1}, 2],
        [{"n": 1}, {"n": 2}, {}], {"n": 1})]),
    ([], {"boxes": ["", [{"n": [1]}]]}, [{"boxes": v} for v in ([], [{"n": 1}], ["n"], [{}])] + [{}]),
]

print("required|accepted|arguments|right")
for required, accepted, calls in CASES:
    function = {"name": "f", "parameters": {"type": "dict", "required": required, "properties": PROPERTIES}}
    for call in calls:
        # As a model's output arrives: through JSON.
        given = json.loads(json.dumps(call))
        try:
            right = checker.ast_checker([function], [{"f": given}], [{"f": accepted}], language, "live_simple", "plain")["valid"]
        except Exception:
            right = False
        cells = [json.dumps(cell, ensure_ascii=False) for cell in (required, accepted, given)]
        if any("'" in cell for cell in cells):
            # An apostrophe would become a quote on reading.
            cells = [cell.replace("'", "\\u0027") for cell in cells]
        print("|".join(cell.replace('"', "'").replace("\\'", "\\u0022") for cell in cells) + "|" + str(right).lower())
