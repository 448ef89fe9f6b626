-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The table before its partition, as those who write do it: nobody waits in a circle.
LOCK TABLE ONLY analytics.events IN ACCESS EXCLUSIVE MODE;
LOCK TABLE analytics."events_{day}" IN ACCESS EXCLUSIVE MODE;
