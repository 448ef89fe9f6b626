// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages share: which collector, how many events, and leaving the page with events unsent.
const asked = new URLSearchParams(location.search);
const collector = asked.get('collector');
const key = asked.get('key');
const events = Number(asked.get('events'));
const leaving = Number(asked.get('leaving')); // the last ones: tracked while the page is left

// Calls track(n) for all events but the last, and once settled() says so for those, the rest. Ten at
// a time: a browser takes no more than 64 KB of beacons at once.
async function trackAll(track, settled) {
    let n = 0;
    for (; n < events - leaving; ++n) {
        track(n);
        if (n % 10 === 9)
            await pause(100);
    }
    await settled();
    for (; n < events; ++n)
        track(n);
    if (leaving > 0)
        location.href = '/left.html';
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
