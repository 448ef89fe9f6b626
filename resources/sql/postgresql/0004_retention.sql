-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which days are in archive files, and how much of a file is theirs; which events sessions hold.
CREATE TABLE public.event_archives (
    day date NOT NULL,
    archive text NOT NULL,
    events bigint NOT NULL,
    bytes bigint NOT NULL,
    archived_at timestamptz NOT NULL,
    PRIMARY KEY (day, archive)
);

CREATE TABLE public.session_event_ids (
    event_id text COLLATE "C" PRIMARY KEY,
    day date NOT NULL
);
