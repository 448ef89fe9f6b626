-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM analytics_events WHERE day = '{day}';
