#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing SDKs for browsers, in headless Chromium, send to `weir sandbox`: every event must arrive,
once. The pages are served from another origin, so that preflights, credentials and text/plain bodies
are as a shop's page has them; the last events are tracked while the page is being left.

Usage: browser_sdks.py WEIR NODE_MODULES, with @segment/analytics-next, @rudderstack/analytics-js
and @snowplow/browser-tracker in NODE_MODULES and Chromium in the path (packaging/test.sh sees to
both). Exits 1 if an event is missing or doubled.
"""
import functools
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from sandbox import Sandbox

EVENTS = 150
WAIT_S = 90

# Name, page, its options, and how many events are tracked while the page is left: none where the SDK
# does not send then (Segment one by one, Snowplow by GET: one request after the other), or leaves it
# to a request that the browser may drop (Segment in batches: 9 of 10 were, on a busy machine).
PAGES = [
    ("Segment", "segment", "", 0),
    ("Segment in batches", "segment", "&batching=1", 0),
    ("RudderStack", "rudderstack", "", 0),
    ("RudderStack in batches", "rudderstack", "&batching=1", 10),
    ("RudderStack by beacon", "rudderstack", "&beacon=1", 10),
    ("Snowplow by post", "snowplow", "", 10),
    ("Snowplow by get", "snowplow", "&get=1", 0),
]


class Pages(http.server.SimpleHTTPRequestHandler):
    """The test's pages at /, the packages at /npm/."""

    def __init__(self, *args, packages, **named):
        self.packages = packages
        super().__init__(*args, **named)

    def translate_path(self, path):
        path = urllib.parse.urlsplit(path).path
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "browser")
        if path.startswith("/npm/"):
            root, path = self.packages, path.removeprefix("/npm")
        return os.path.join(root, os.path.normpath(path).lstrip("/"))

    def log_message(self, *_):
        pass


def number_of(event):
    """The n that the page counted its events with."""
    parameters = event["rawEvent"]["parameters"]
    if "properties" in parameters:
        return parameters["properties"].get("n")
    described = event["event"]["unstruct_event"]
    return described["data"]["data"]["n"] if described else None


def run_page(url, sandbox, key, log):
    """Opens the page and waits until all has arrived, or for long enough."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking",
             "--enable-logging=stderr", f"--user-data-dir={profile}", url],
            stdout=log, stderr=log)
        try:
            until = time.monotonic() + WAIT_S
            count = 0
            while time.monotonic() < until and count < EVENTS:
                time.sleep(0.2)
                count = sandbox.ask(f"/micro/all?scope={key}")["total"]
            time.sleep(1)  # what is sent a second time comes now
        finally:
            browser.terminate()
            browser.wait(30)


def check(sandbox, pages_url, name, page, options, leaving):
    key = f"{page}-{name.split()[-1].lower()}"
    query = urllib.parse.urlencode({"collector": sandbox.url, "key": key, "events": EVENTS,
                                    "leaving": leaving})
    with tempfile.TemporaryFile("w+") as log:
        run_page(f"{pages_url}/{page}.html?{query}{options}", sandbox, key, log)
        numbers = [number_of(e) for e in sandbox.ask(f"/micro/good?scope={key}")]
        bad = sandbox.ask(f"/micro/bad?scope={key}")
        good = sorted(n for n in numbers if n is not None) == list(range(EVENTS)) and not bad
        print(f"{name}: {EVENTS} tracked, {len(numbers)} arrived, {len(set(numbers))} different, "
              f"{len(bad)} refused: {'ok' if good else 'FAILED'}", flush=True)
        if not good:
            missing = sorted(set(range(EVENTS)) - set(numbers))
            print("missing:", missing[:20], "refused:", json.dumps(bad[:1])[:500])
            log.seek(0)
            print("".join(line for line in log if "CONSOLE" in line)[-3000:])
    return good


def main():
    weir, packages = sys.argv[1:3]
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Pages, packages=os.path.abspath(packages)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages_url = f"http://127.0.0.1:{server.server_port}"
    with Sandbox(weir) as sandbox:
        good = True
        for page in PAGES:
            good &= check(sandbox, pages_url, *page)
        stopped, code = sandbox.stop()
        print("stopped in order:", stopped)
        return 0 if good and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
