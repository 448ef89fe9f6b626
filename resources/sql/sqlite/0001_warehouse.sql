-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sandbox's warehouse. resources/sql/README.md says what each table is for.
-- Times are microseconds UTC (timestamp_us); SQLite has no schemas, so that analytics.events is
-- analytics_events. A statement ends with the line that ends in a semicolon.
CREATE TABLE analytics_events (
    event_id text,
    event_type text,
    schema_version text,
    event_time timestamp_us,
    sent_time timestamp_us,
    received_time timestamp_us,
    record_time timestamp_us,
    user_id text,
    anonymous_id text,
    session_id text,
    source text,
    source_id text,
    platform text,
    app_version text,
    payload json_text NOT NULL,
    origin_topic text NOT NULL,
    origin_partition integer NOT NULL,
    origin_offset integer NOT NULL,
    load_batch text NOT NULL,
    loaded_at timestamp_us NOT NULL,
    day text NOT NULL
);
CREATE INDEX events_event_id ON analytics_events (event_id);
CREATE INDEX events_loaded_at ON analytics_events (loaded_at);

CREATE TABLE analytics_event_ids (
    event_id text PRIMARY KEY,
    day text NOT NULL
) WITHOUT ROWID;

CREATE TABLE loader_offsets (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next integer NOT NULL,
    load_batch text,
    updated_at timestamp_us NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);

CREATE TABLE users (
    user_id text PRIMARY KEY,
    signed_up_at timestamp_us NOT NULL,
    platform text,
    country text,
    updated_at timestamp_us NOT NULL
);

CREATE TABLE orders (
    order_id text PRIMARY KEY,
    user_id text NOT NULL,
    ordered_at timestamp_us NOT NULL,
    amount decimal_text NOT NULL,
    currency text NOT NULL,
    platform text,
    status text NOT NULL,
    updated_at timestamp_us NOT NULL
);

CREATE TABLE sessions (
    session_id text PRIMARY KEY,
    user_id text,
    anonymous_id text,
    platform text,
    started_at timestamp_us NOT NULL,
    ended_at timestamp_us NOT NULL,
    events integer NOT NULL,
    late_events integer NOT NULL,
    updated_at timestamp_us NOT NULL
);

CREATE TABLE identities (
    anonymous_id text NOT NULL,
    user_id text NOT NULL,
    method text NOT NULL CHECK (method IN ('deterministic', 'probabilistic')),
    confidence real NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    evidence text,
    first_seen_at timestamp_us NOT NULL,
    last_seen_at timestamp_us NOT NULL,
    updated_at timestamp_us NOT NULL,
    PRIMARY KEY (anonymous_id, user_id, method)
);

CREATE TABLE attribution (
    user_id text PRIMARY KEY,
    event_id text,
    touched_at timestamp_us NOT NULL,
    source text,
    medium text,
    campaign text,
    referrer text,
    landing_page text,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    updated_at timestamp_us NOT NULL
);

CREATE TABLE enrichment_audit (
    event_id text NOT NULL,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    before json_text,
    after json_text,
    at timestamp_us NOT NULL,
    PRIMARY KEY (event_id, rule, rule_version)
);
