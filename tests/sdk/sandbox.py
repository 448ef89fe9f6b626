# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A `weir sandbox` on a free port, for tests of clients that exist. On the embedded cluster."""
import json
import subprocess
import urllib.request


class Sandbox:
    def __init__(self, weir, door="http", *more):
        self.process = subprocess.Popen(
            [weir, "sandbox", f"--{door}", "127.0.0.1:0", "--bootstrap", "embedded", "--json",
             *more], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        self.ready = json.loads(self.process.stdout.readline())
        self.url = self.ready["urls"][0]
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        """By SIGTERM; what it says of what it did, and its exit code."""
        self.process.terminate()
        said = json.loads(self.process.stdout.readline())
        return said, self.process.wait(60)
