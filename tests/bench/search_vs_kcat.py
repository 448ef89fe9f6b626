#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures `weir search` against kcat | grep and against bare_read, in turns, on one real broker.

Usage: search_vs_kcat.py BUILD_DIR [--events N] [--partitions N] [--rounds N]
Prints one line per way and the ratios; figures only, it decides nothing.
"""
import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(command):
    """(seconds, processor seconds, standard output) of a shell command that ends by itself."""
    begun, used = time.monotonic(), cpu_seconds()
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    return time.monotonic() - begun, cpu_seconds() - used, done.stdout


def pick(address, topic):
    """(id, key) of one event in the middle of the topic."""
    _, _, out = timed(f"kcat -C -q -e -b {address} -t {topic} -p 1 -o 1000 -c 1 -f '%k\\t%s\\n'")
    key, value = out.split("\t", 1)
    return json.loads(value)["event_id"], key


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--partitions", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    weir = options.build / "app" / "weir"
    bench = options.build / "tests" / "bench"
    broker = subprocess.Popen([bench / "bench_broker", str(options.events),
                               str(options.partitions)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ready = broker.stdout.readline().split()
    if not ready or ready[0] != "ready":
        return "the broker did not start"
    _, address, topic, events, mean_bytes = ready
    event_id, key = pick(address, topic)
    base = f"{weir} search -q --json --budget 0 -b {address} -t {topic}"
    ways = {
        "kcat|grep": f"kcat -C -q -e -b {address} -t {topic} -o beginning | grep -c {event_id}",
        "bare_read": f"{bench / 'bare_read'} {address} {topic}",
        "weir id": f"{base} 'id == \"{event_id}\"'",
        "weir word": f"{base} '{event_id}'",
        "weir key": f"{base} 'key == \"{key}\" and id == \"{event_id}\"'",
    }
    if not (bench / "bare_read").exists():
        del ways["bare_read"]
    seconds = {name: [] for name in ways}
    processor = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, command in ways.items():
            taken, used, out = timed(command)
            seconds[name].append(taken)
            processor[name].append(used)
            if name.startswith("weir") and len(json.loads(out)["matches"]) != 1:
                print(f"{name}: the event was not found exactly once", file=sys.stderr)
    broker.stdin.close()
    broker.wait()
    best = {name: min(taken) for name, taken in seconds.items()}
    print(f"{events} events of {mean_bytes} bytes in {options.partitions} partitions, "
          f"{options.rounds} rounds in turns; best (median) of each")
    for name, taken in seconds.items():
        rate = int(events) / best[name] / 1e6
        print(f"  {name:10} {best[name]:7.2f} s ({statistics.median(taken):.2f})  "
              f"{rate:5.2f} M events/s, {min(processor[name]):.2f} s of processor time")
    for name in ("weir id", "weir word", "weir key"):
        line = f"  {name} is {best['kcat|grep'] / best[name]:.1f} times as fast as kcat|grep"
        if "bare_read" in best:
            line += f", {best['bare_read'] / best[name]:.2f} of bare_read"
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
