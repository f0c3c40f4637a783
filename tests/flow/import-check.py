"""Holds an import against the page itself, as cmark-gfm reads it: import-check.py PAGE YAML
REPORT. Prints what is missing and ends with 1.

Every task item, numbered item and code block of the page must be found again: a task item as
a step with its line, the others by their words. The account must name every line that is not
blank, once, and its sums must agree."""

import json
import re
import subprocess
import sys

import yaml

page, runbook, report = sys.argv[1:4]
faults = []
raw = open(page, "rb").read().decode("utf-8", "replace")
if raw.startswith("\ufeff"):
    raw = raw[1:]
lines = re.split(r"\r\n|\n|\r", raw)
if lines and lines[-1] == "":
    lines.pop()


def without_front_matter(all_lines):
    """cmark knows no front matter: its lines are emptied, so that the numbers stay."""
    if not all_lines or all_lines[0].strip() not in ("---", "+++") or not "".join(all_lines[1:2]).strip():
        return all_lines
    for i, line in enumerate(all_lines[1:], 1):
        if line.strip() == all_lines[0].strip():
            return [""] * (i + 1) + all_lines[i + 1 :]
    return all_lines


body = without_front_matter(lines)
xml = subprocess.run(
    ["cmark-gfm", "--sourcepos", "-t", "xml", "-e", "tasklist", "-e", "table"],
    input="\n".join(body) + "\n",
    capture_output=True,
    text=True,
    check=True,
).stdout
tasks, ordered, code = [], [], []
lists = []
for m in re.finditer(r'<(/?)(list|item|tasklist|taskitem|code_block)\b([^>]*?)(/?)>', xml):
    close, name, attributes, empty = m.groups()
    at = re.search(r'sourcepos="(\d+):\d+-(\d+):\d+"', attributes)
    if name == "list":
        if close:
            lists.pop()
        elif not empty:
            lists.append('type="ordered"' in attributes)
    elif at and name in ("taskitem", "tasklist"):
        tasks.append(int(at.group(1)))
    elif at and name == "item" and lists and lists[-1]:
        ordered.append(int(at.group(1)))
    elif at and name == "code_block":
        code.append((int(at.group(1)), int(at.group(2))))

doc = yaml.load(open(runbook, encoding="utf-8"), yaml.BaseLoader)


def texts(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    else:
        yield str(node)


def words(text):
    return re.findall(r"[^\W_]{3,}", text)


have = set()
for text in texts(doc):
    have.update(words(text))


def found(number):
    """Most words of a line are there; placeholders and secrets have become names."""
    all_words = words(re.sub(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", " ", lines[number - 1]))
    missing = [w for w in all_words if w not in have]
    return len(missing) * 2 <= len(all_words) if len(all_words) > 2 else len(missing) <= 1


steps = {int(s["source"]["line"]) for s in doc["steps"] if s.get("source", {}).get("kind") == "task"}
for n in tasks:
    if n not in steps:
        faults.append(f"line {n}: this task item is no step: {lines[n - 1]}")
for n in steps - set(tasks):
    # cmark-gfm sees no boxes in a quotation, and none without words
    if not re.search(r"\[[ xX]\]", lines[n - 1]):
        faults.append(f"line {n}: a step of a task item that is none")
for n in ordered:
    if not found(n):
        faults.append(f"line {n}: this numbered item is gone: {lines[n - 1]}")
for first, last in code:
    for n in range(first, min(last, len(lines)) + 1):
        if not re.match(r"[\s>]*(?:(?:[-+*]|\d+[.)])\s+)*(```|~~~)", lines[n - 1]) and not found(n):
            faults.append(f"line {n}: this line of a code block is gone: {lines[n - 1]}")

account = json.load(open(report, encoding="utf-8"))
if account["lines"] != len(lines):
    faults.append(f"{account['lines']} lines in the account, {len(lines)} on the page")
if account["kept"] + account["guessed"] + account["lost"] != account["lines"]:
    faults.append("the sums do not agree")
named = [item["line"] for item in account["items"]]
if len(named) != len(set(named)):
    faults.append("a line is named twice")
for n, line in enumerate(lines, 1):
    if re.sub(r"[\s>]", "", line) and n not in named:
        faults.append(f"line {n} is not accounted for: {line}")
for item in account["items"]:
    if item["what"] == "not understood":
        faults.append(f"line {item['line']} was not understood: {lines[item['line'] - 1]}")
    if item["how"] == "lost" and item["line"] in tasks + ordered and "contents" not in item["what"]:
        faults.append(f"line {item['line']}: an item is lost: {lines[item['line'] - 1]}")

print(f"{len(tasks)} task items, {len(ordered)} numbered items, {len(code)} code blocks")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
