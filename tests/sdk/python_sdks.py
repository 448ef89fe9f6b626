#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing SDKs for Python send to `weir sandbox`: every event must arrive, once.

Usage: python_sdks.py WEIR, with segment-analytics-python, rudder-sdk-python and snowplow-tracker
installed (packaging/test.sh makes a venv for it). Exits 1 if an event is missing or doubled.
"""
import logging
import sys

from sandbox import Sandbox

EVENTS = 250


def ids_sent_with_segment(url):
    import segment.analytics as analytics
    errors = []
    client = analytics.Client("segment-key", host=url, gzip=True, sync_mode=False,
                              on_error=lambda error, items: errors.append(str(error)))
    ids = set()
    for i in range(EVENTS):
        if i % 10 == 0:
            _, message = client.identify(f"user-{i}", {"plan": "free"})
        else:
            _, message = client.track(f"user-{i}", "Item Added", {"n": i, "name": "ünïcode ✓"})
        ids.add(message["messageId"])
    client.shutdown()
    return ids, errors


def ids_sent_with_rudderstack(url):
    from rudderstack.analytics.client import Client
    errors = []
    client = Client("rudder-key", host=url, gzip=True,
                    on_error=lambda error, items: errors.append(str(error)))
    ids = set()
    for i in range(EVENTS):
        message_id = f"rudder-{i}"
        client.track(f"user-{i}", "Item Added", {"n": i}, message_id=message_id)
        ids.add(message_id)
    client.shutdown()
    return ids, errors


def ids_sent_with_snowplow(url, method):
    from snowplow_tracker import Emitter, StructuredEvent, Tracker
    errors = []
    host, port = url.removeprefix("http://").split(":")
    emitter = Emitter(host, protocol="http", port=int(port), method=method, batch_size=20,
                      on_failure=lambda sent, failed: errors.append(f"{len(failed)} failed"))
    tracker = Tracker("weir", emitter, app_id=f"snowplow-{method}")
    for i in range(EVENTS):
        tracker.track(StructuredEvent(category="shop", action="add-to-basket", value=float(i)))
    tracker.flush()
    return None, errors  # the tracker keeps its ids to itself: only counted


def arrived(sandbox, scope, key):
    found = sandbox.ask(f"/micro/good?scope={scope}")
    return [event["rawEvent"]["parameters"].get(key) for event in found]


def check(sandbox, name, scope, key, sent, errors):
    ids = arrived(sandbox, scope, key)
    expected = EVENTS if sent is None else len(sent)
    good = not errors and len(ids) == expected and len(set(ids)) == expected
    if sent is not None:
        good = good and set(ids) == sent
    print(f"{name}: {expected} sent, {len(ids)} arrived, {len(set(ids))} different"
          f"{', errors: ' + '; '.join(errors[:3]) if errors else ''}: {'ok' if good else 'FAILED'}")
    return good


def main():
    logging.disable(logging.WARNING)
    with Sandbox(sys.argv[1]) as sandbox:
        good = True
        sent, errors = ids_sent_with_segment(sandbox.url)
        good &= check(sandbox, "Segment", "segment-key", "messageId", sent, errors)
        sent, errors = ids_sent_with_rudderstack(sandbox.url)
        good &= check(sandbox, "RudderStack", "rudder-key", "messageId", sent, errors)
        for method in ("post", "get"):
            sent, errors = ids_sent_with_snowplow(sandbox.url, method)
            good &= check(sandbox, f"Snowplow by {method}", f"snowplow-{method}", "eid", sent,
                          errors)
        print("the collector's own count:", sandbox.ask("/micro/all"))
        stopped, code = sandbox.stop()
        good &= code == 0 and stopped["collected"] == 4 * EVENTS
        print("stopped in order:", stopped)
        return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
