#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop's server that tracks with Segment's SDK for Python.

Usage: segment_shop.py URL GOOD BAD: sends so many events that meet their contract, and so many whose
price is a text; each names its buyer by e-mail. Prints the message ids as one JSON object
{"good": […], "bad": […]}; exits 1 if the SDK reports an error.
"""
import json
import logging
import sys

import segment.analytics as analytics


def main():
    url, good, bad = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    logging.disable(logging.WARNING)
    errors = []
    client = analytics.Client("shop-key", host=url, gzip=True, sync_mode=False,
                              on_error=lambda error, items: errors.append(str(error)))
    ids = {"good": [], "bad": []}
    for i in range(good + bad):
        kind = "good" if i < good else "bad"
        properties = {"email": f"ada.{i}@example.com", "price": i + 0.5 if kind == "good" else "cheap"}
        _, message = client.track(f"user-{i}", "Item Added", properties)
        ids[kind].append(message["messageId"])
    client.shutdown()
    print(json.dumps(ids))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
