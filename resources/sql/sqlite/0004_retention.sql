-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which days are in archive files, and how much of a file is theirs; which events sessions hold.
-- A day's rows are found by an index, where PostgreSQL has a partition.
CREATE TABLE event_archives (
    day text NOT NULL,
    archive text NOT NULL,
    events integer NOT NULL,
    bytes integer NOT NULL,
    archived_at timestamp_us NOT NULL,
    PRIMARY KEY (day, archive)
);

CREATE TABLE session_event_ids (
    event_id text PRIMARY KEY,
    day text NOT NULL
) WITHOUT ROWID;

CREATE INDEX events_day ON analytics_events (day);
