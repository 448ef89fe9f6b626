#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs clang-tidy over files, two at a time, and remembers which were in order.

Usage: tidy.py BUILD_FOLDER FILE…
A file that was in order is read again only when it, a header of the project that it includes, its
compile command, .clang-tidy or clang-tidy itself has changed. What is remembered lies in
$WEIR_TIDY_CACHE (default: ~/.cache/weir-tidy), an empty file each. Exits 1 if there is a finding.
"""
import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT_S = 900
ROOT = Path.cwd()
CACHE = Path(os.environ.get("WEIR_TIDY_CACHE") or Path.home() / ".cache" / "weir-tidy")


def commands(build: Path) -> dict:
    entries = json.loads((build / "compile_commands.json").read_text())
    return {str(Path(e["file"]).resolve()): e for e in entries}


def key_of(entry: dict, version: str):
    """A hash of all that a finding could depend on; None if the file cannot be preprocessed."""
    words = [w for w in shlex.split(entry["command"]) if not w.endswith("ccache")]
    start = next(i for i, w in enumerate(words) if w.endswith("clang++"))
    command = words[start:]
    out = command.index("-o")
    command = command[:out] + command[out + 2:] + ["-MM"]
    listed = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True)
    if listed.returncode != 0:
        return None
    names = listed.stdout.split(":", 1)[1].replace("\\\n", " ").split()
    text = hashlib.sha256(version.encode())
    text.update((ROOT / ".clang-tidy").read_bytes())
    text.update(" ".join(command).replace(str(ROOT), "").encode())
    for path in sorted({(Path(entry["directory"]) / n).resolve() for n in names}):
        if path.is_relative_to(ROOT):
            text.update(str(path.relative_to(ROOT)).encode())
            text.update(path.read_bytes())
    return text.hexdigest()


def read(build: Path, name: str, entry: dict, version: str) -> str:
    """What clang-tidy has to say of a file; empty if it is in order."""
    key = key_of(entry, version)
    if key and (CACHE / key).exists():
        return ""
    try:
        ran = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", name],
                             capture_output=True, text=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"{name}: clang-tidy was not done after {LIMIT_S} s\n"
    if ran.returncode != 0:
        return ran.stdout or f"{name}: clang-tidy failed: {ran.stderr[-2000:]}\n"
    if key:
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / key).touch()
    return ""


def main() -> int:
    build, files = Path(sys.argv[1]), sys.argv[2:]
    known = commands(build)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True,
                             check=True).stdout
    found = False
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(read, build, name, known[str(Path(name).resolve())], version)
                for name in files]
        for job in jobs:
            if text := job.result():
                found = True
                print(text, end="", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
