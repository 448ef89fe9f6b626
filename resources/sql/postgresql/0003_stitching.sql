-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- A session id may have several sessions; what devices have in common is kept, to tell whose they
-- probably are.
ALTER TABLE public.sessions DROP CONSTRAINT sessions_pkey;
ALTER TABLE public.sessions ADD PRIMARY KEY (session_id, started_at);

CREATE TABLE public.identity_signals (
    seen text COLLATE "C" PRIMARY KEY,
    signal text NOT NULL,
    anonymous_id text NOT NULL,
    user_id text,
    first_seen_at timestamptz NOT NULL
);
CREATE INDEX identity_signals_signal ON public.identity_signals (signal);
CREATE INDEX identity_signals_anonymous_id ON public.identity_signals (anonymous_id);
