-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE analytics.events DETACH PARTITION analytics."events_{day}";
DROP TABLE analytics."events_{day}";
