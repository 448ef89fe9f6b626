-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- A session id may have several sessions; what devices have in common is kept, to tell whose they
-- probably are. No stage has filled sessions before.
DROP TABLE sessions;
CREATE TABLE sessions (
    session_id text NOT NULL,
    user_id text,
    anonymous_id text,
    platform text,
    started_at timestamp_us NOT NULL,
    ended_at timestamp_us NOT NULL,
    events integer NOT NULL,
    late_events integer NOT NULL,
    updated_at timestamp_us NOT NULL,
    PRIMARY KEY (session_id, started_at)
);

CREATE TABLE identity_signals (
    seen text PRIMARY KEY,
    signal text NOT NULL,
    anonymous_id text NOT NULL,
    user_id text,
    first_seen_at timestamp_us NOT NULL
);
CREATE INDEX identity_signals_signal ON identity_signals (signal);
CREATE INDEX identity_signals_anonymous_id ON identity_signals (anonymous_id);
