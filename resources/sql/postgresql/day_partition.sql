-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run before the first row of a day; {day} and {next_day} stand for dates, 2026-05-01.
CREATE TABLE IF NOT EXISTS analytics."events_{day}"
    PARTITION OF analytics.events FOR VALUES FROM ('{day}') TO ('{next_day}');
