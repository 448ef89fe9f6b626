-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run before the first row of a day; {day} and {next_day} stand for dates, 2026-05-01.
-- Attached, not created in place: that would wait for every reader of the table, and hold up all
-- who come after.
DO $$ BEGIN IF to_regclass('analytics."events_{day}"') IS NULL THEN
    CREATE TABLE analytics."events_{day}" (LIKE analytics.events INCLUDING ALL)
    ; ALTER TABLE analytics.events ATTACH PARTITION analytics."events_{day}"
        FOR VALUES FROM ('{day}') TO ('{next_day}')
    ; END IF
; END $$;
