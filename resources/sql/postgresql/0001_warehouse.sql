-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sandbox's warehouse. resources/sql/README.md says what each table is for.
-- A statement ends with the line that ends in a semicolon.
CREATE SCHEMA IF NOT EXISTS analytics;

CREATE TABLE analytics.events (
    event_id text COLLATE "C",
    event_type text,
    schema_version text,
    event_time timestamptz,
    sent_time timestamptz,
    received_time timestamptz,
    record_time timestamptz,
    user_id text,
    anonymous_id text,
    session_id text,
    source text,
    source_id text,
    platform text,
    app_version text,
    payload json NOT NULL,
    origin_topic text NOT NULL,
    origin_partition integer NOT NULL,
    origin_offset bigint NOT NULL,
    load_batch text NOT NULL,
    loaded_at timestamptz NOT NULL,
    day date NOT NULL
) PARTITION BY RANGE (day);
CREATE INDEX events_event_id ON analytics.events (event_id);
CREATE INDEX events_loaded_at ON analytics.events (loaded_at);

CREATE TABLE analytics.event_ids (
    event_id text COLLATE "C" PRIMARY KEY,
    day date NOT NULL
);

CREATE TABLE public.loader_offsets (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next bigint NOT NULL,
    load_batch text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);

CREATE TABLE public.users (
    user_id text PRIMARY KEY,
    signed_up_at timestamptz NOT NULL,
    platform text,
    country text,
    updated_at timestamptz NOT NULL
);

CREATE TABLE public.orders (
    order_id text PRIMARY KEY,
    user_id text NOT NULL,
    ordered_at timestamptz NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    platform text,
    status text NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE public.sessions (
    session_id text PRIMARY KEY,
    user_id text,
    anonymous_id text,
    platform text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    events bigint NOT NULL,
    late_events bigint NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE public.identities (
    anonymous_id text NOT NULL,
    user_id text NOT NULL,
    method text NOT NULL CHECK (method IN ('deterministic', 'probabilistic')),
    confidence double precision NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    evidence text,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (anonymous_id, user_id, method)
);

CREATE TABLE public.attribution (
    user_id text PRIMARY KEY,
    event_id text,
    touched_at timestamptz NOT NULL,
    source text,
    medium text,
    campaign text,
    referrer text,
    landing_page text,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE public.enrichment_audit (
    event_id text NOT NULL,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    before json,
    after json,
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, rule, rule_version)
);
