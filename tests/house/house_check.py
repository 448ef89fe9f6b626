#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the house in order: include direction, sizes, forbidden calls, licences.

Usage: house_check.py ROOT. Prints one line per finding, exits 1 if there is any.
"""
import re
import subprocess
import sys
from pathlib import Path

LAYERS = ["connectors", "models", "widgets", "app"]
MODEL_FLOORS = [
    {"event", "workspace", "contract", "finding", "backlog", "synth"},
    {"flow", "latency", "invalid", "lineage", "sandbox", "alert", "live", "catalogue"},
    {"reconcile", "replay", "overview"},
]
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
SOURCE = {".cpp", ".h"}
SPDX = ("SPDX-FileCopyrightText:", "SPDX-License-Identifier: GPL-3.0-or-later")
FORBIDDEN = [
    (r"\bQMessageBox\b", {"connectors", "models"}, "message boxes belong to widgets/ and app/"),
    (r"\bprocessEvents\b", set(LAYERS), "processEvents is never the answer"),
    (r"\bQSortFilterProxyModel\b", set(LAYERS), "no proxy model over events (see ARCHITECTURE.md)"),
    (r"\bnew QComboBox\b", set(LAYERS), "a ComboBox leaves the wheel to what it stands in"),
    (r"#include <(QtWidgets|QtGui|QWidget|QColor|QFont|QPainter)", {"connectors", "models"},
     "connectors and models know no windows"),
    (r"\brd_kafka_\w+\s*\(", {"models", "widgets", "app"}, "Kafka is spoken in connectors/kafka only"),
    (r"#include <(QtCharts|Q(Chart|ChartView|LineSeries|AreaSeries|BarSeries|ValueAxis)>)",
     set(LAYERS) | {"tests"}, "Qt Charts is LineChart's alone"),
]
EXEMPT = {("widgets/common/chart.cpp", "Qt Charts is LineChart's alone")}
# Law 6 within connectors: what writes, joins or makes a client, and where alone it may stand.
WRITING = [
    (r"\brd_kafka_(subscribe|unsubscribe|assign|incremental_assign|commit\w*|offsets?_store\w*|"
     r"produce\w*|send_offsets_to_transaction|(begin|init|abort)_transactions?|"
     r"(Create|Delete|Alter|IncrementalAlter)[A-Z]\w*)\s*\(",
     ("connectors/kafka/sandbox/",), "only connectors/kafka/sandbox writes"),
    (r"\b(rd_kafka_new\s*\(|RD_KAFKA_PRODUCER\b)",
     ("connectors/kafka/client/client.cpp", "connectors/kafka/sandbox/embedded.cpp"),
     "clients are made in client.cpp only"),
]


def tracked(root: Path):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root,
                         capture_output=True, text=True, check=False)
    names = out.stdout.splitlines()
    if not names:  # a source archive without git
        names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()
                 and not p.relative_to(root).parts[0] in {"build", ".git"}]
    return [Path(n) for n in names if (root / n).is_file()]


def strip(text: str) -> str:
    """The text with comments and string contents blanked, line structure kept."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'
                         r"'(?:\\.|[^'\\\n])+'", re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def long_functions(code: str):
    """(line, length) of every function body longer than the limit: a brace opened after ')'."""
    stack, line, found = [], 1, []
    last = ""
    for index, ch in enumerate(code):
        if ch == "\n":
            line += 1
        elif ch == "{":
            head = code[max(0, index - 400):index]
            tail = re.search(r"\)\s*(const|noexcept|override|final|mutable|->\s*[\w:<>,*& ]+|\s)*$",
                             head)
            init = re.search(r"\)\s*:\s[^;{}]*(\{[^{}]*\}[^;{}]*)*$", head)
            control = re.search(r"\b(if|for|while|switch|catch)\s*(constexpr\s*)?\((?:[^;{}]|;)*\)\s*$",
                                head.rsplit("}", 1)[-1])
            stack.append((line, bool((tail or init) and not control)))
        elif ch == "}" and stack:
            start, is_function = stack.pop()
            if is_function and line - start + 1 > FUNCTION_LINES_MAX:
                found.append((start, line - start + 1))
        if not ch.isspace():
            last = ch
    return found


def model_floor(folder: str):
    for height, floor in enumerate(MODEL_FLOORS):
        if folder in floor:
            return height
    return None


def check_includes(path: Path, text: str):
    top = path.parts[0]
    for number, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#include "([^"]+)"', line)
        if not m:
            continue
        target = Path(m.group(1)).parts
        if top in LAYERS:
            if target[0] not in LAYERS:
                yield number, f'include "{m.group(1)}" from the root of the tree'
            elif LAYERS.index(target[0]) > LAYERS.index(top):
                yield number, f"{top} must not include {target[0]}"
            elif top == "models" == target[0] and len(target) > 2:
                here, there = model_floor(path.parts[1]), model_floor(target[1])
                if here is None or there is None:
                    yield number, f"models/{path.parts[1]} or models/{target[1]} has no floor"
                elif there > here:
                    yield number, f"models/{path.parts[1]} must not include models/{target[1]}"


def check(root: Path, path: Path):
    raw = (root / path).read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    lines = text.splitlines()
    known = {".cpp", ".h", ".py", ".sh", ".cmake", ".service"}
    if path.suffix in known or path.name in {"CMakeLists.txt", "run"}:
        head = "\n".join(lines[:4])
        if not all(s in head for s in SPDX):
            yield 1, "the two SPDX lines are missing"
    if path.suffix not in SOURCE:
        return
    code = strip(text)
    if len(lines) > FILE_LINES_MAX:
        yield 1, f"{len(lines)} lines; {FILE_LINES_MAX} are the limit"
    for line, length in long_functions(code):
        yield line, f"a function of {length} lines; {FUNCTION_LINES_MAX} are the limit"
    top = path.parts[0]
    for pattern, where, why in FORBIDDEN:
        if top in where and (path.as_posix(), why) not in EXEMPT:
            for m in re.finditer(pattern, code):
                yield code.count("\n", 0, m.start()) + 1, why
    for pattern, places, why in WRITING:
        if top == "connectors" and not path.as_posix().startswith(places):
            for m in re.finditer(pattern, code):
                yield code.count("\n", 0, m.start()) + 1, why
    for m in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b", text):
        yield text.count("\n", 0, m.start()) + 1, f"{m.group(1)}: do it, or file an issue"
    yield from check_includes(path, text)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings = [f"{path}:{line}: {what}" for path in tracked(root)
                for line, what in check(root, path)]
    print("\n".join(findings) or "house: in order")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
