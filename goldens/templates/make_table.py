"""Renders real chat templates with Python's jinja2 and writes what came out, for the Java renderer's tests.

    python make_table.py                       the committed tables
    python make_table.py --corpus DIR OUT      every *.jinja below DIR, to the file OUT (see TemplateTableTest)

Needs jinja2 >= 3.1.6 and nothing else.
"""

import json
import pathlib
import sys

from conversations import CONVERSATIONS, cases
from environment import render
from snippets import SNIPPETS, VARIABLES

HERE = pathlib.Path(__file__).parent
RESOURCES = HERE.parents[1] / "hone-engine/src/test/resources/dev/hone/model/template"


def special_tokens(source):
    if "<|im_start|>" in source:
        return "<|im_start|>", "<|im_end|>"
    if "<|start_header_id|>" in source:
        return "<|begin_of_text|>", "<|eot_id|>"
    if "<start_of_turn>" in source:
        return "<bos>", "<eos>"
    return "<s>", "</s>"


def rows(name, source):
    bos, eos = special_tokens(source)
    for conversation, messages, tools, extra, prompt in cases():
        variables = {"messages": messages, "tools": tools or None, "documents": None, "add_generation_prompt": prompt}
        variables |= {"bos_token": bos, "eos_token": eos} | extra
        result = render(source, variables)
        yield {"template": name, "conversation": conversation, "prompt": prompt, "bos": bos, "eos": eos, **result}


def write(path, conversations, rows, sources=None):
    head = {
        "conversations": {
            name: {"messages": messages, "tools": tools, "extra": extra}
            for name, (messages, tools, extra) in conversations.items()
        }
    }
    if sources is not None:
        head["sources"] = sources
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    body = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    path.write_text(f'{body},\n "rows": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def committed():
    table = []
    for path in sorted((RESOURCES / "sources").glob("*.jinja")):
        table += rows(path.stem, path.read_bytes().decode("utf-8"))
    write(RESOURCES / "templates.json", CONVERSATIONS, table)
    snippets = [{"source": source, **render(source, json.loads(json.dumps(VARIABLES)))} for source in SNIPPETS]
    lines = ",\n".join(json.dumps(snippet, ensure_ascii=False) for snippet in snippets)
    variables = json.dumps(VARIABLES, ensure_ascii=False)
    (RESOURCES / "snippets.json").write_text(
        f'{{"variables": {variables},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n"
    )
    print(f"{len(table)} template cases ({sum('error' in row for row in table)} errors), {len(snippets)} snippets ({sum('error' in row for row in snippets)} errors)")


def corpus(folder, out):
    table, sources = [], {}
    for path in sorted(pathlib.Path(folder).rglob("*.jinja")):
        name = str(path.relative_to(folder))
        sources[name] = path.read_bytes().decode("utf-8")
        table += rows(name, sources[name])
    write(pathlib.Path(out), CONVERSATIONS, table, sources)
    print(f"{len(table)} cases of {len(sources)} templates ({sum('error' in row for row in table)} errors)")


if __name__ == "__main__":
    corpus(*sys.argv[2:]) if sys.argv[1:2] == ["--corpus"] else committed()
