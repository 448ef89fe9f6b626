#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checks by other languages' validators beside Weir's, in turns, on the same events.

Usage: contract_rivals.py BUILD [--events N] [--work DIR]

BUILD/tests/bench/contract_rate writes schema and events. The rivals come from their registries into
DIR (default: BUILD/contract-rivals): jsonschema-rs from PyPI into a virtual environment, ajv from
npm. A rival that cannot be had is left out, and named.
"""
import argparse
import subprocess
import sys
import venv
from pathlib import Path

RUST = """
import json, sys, time, jsonschema_rs
schema = json.load(open(sys.argv[1]))
lines = open(sys.argv[2]).read().splitlines()
check = jsonschema_rs.validator_for(schema)
begin = time.process_time()
valid = sum(check.is_valid(json.loads(line)) for line in lines)
spent = time.process_time() - begin
print(f"{len(lines) / spent:.0f} {valid}")
"""

AJV = """
const fs = require('fs');
const Ajv = require('ajv');
const schema = JSON.parse(fs.readFileSync(process.argv[2]));
const lines = fs.readFileSync(process.argv[3], 'utf8').split('\\n').filter(l => l);
const check = new Ajv({strict: false}).compile(schema);
for (const line of lines.slice(0, 20000)) check(JSON.parse(line));
const begin = process.cpuUsage();
let valid = 0;
for (const line of lines) if (check(JSON.parse(line))) ++valid;
const spent = process.cpuUsage(begin);
console.log(`${Math.round(lines.length / ((spent.user + spent.system) / 1e6))} ${valid}`);
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def rust(work: Path):
    python = work / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(work / "venv", with_pip=True)
        if run(str(python), "-m", "pip", "install", "-q", "jsonschema-rs") is None:
            return None
    (work / "rival.py").write_text(RUST)
    return [str(python), str(work / "rival.py")]


def ajv(work: Path):
    if not (work / "node_modules" / "ajv").is_dir():
        if run("npm", "install", "--silent", "--prefix", str(work), "ajv") is None:
            return None
    (work / "rival.js").write_text(AJV)
    return ["node", str(work / "rival.js")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    work = options.work or options.build / "contract-rivals"
    work.mkdir(parents=True, exist_ok=True)
    bench = str(options.build / "tests" / "bench" / "contract_rate")
    schema, events = str(work / "schema.json"), str(work / "events.ndjson")
    if run(bench, str(options.events), "--write", schema, events) is None:
        print("contract_rate could not write the events", file=sys.stderr)
        return 1
    rivals = {}
    for name, get in {"jsonschema-rs from Python": rust, "ajv on Node.js": ajv}.items():
        try:
            command = get(work)
        except OSError:
            command = None
        if command:
            rivals[name] = command
        else:
            print(f"{name}: could not be installed, left out")
    for _ in range(3):
        print(run(bench, str(options.events)) or "contract_rate failed")
        for name, command in rivals.items():
            said = run(*command, schema, events)
            if said:
                rate, valid = said.split()
                print(f"  {name:28} {int(rate):9} events/s  {valid} of {options.events} valid")
            else:
                print(f"  {name}: failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
