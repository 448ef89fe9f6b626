-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Several stages keep what they make in the warehouse, each with its own offsets.
ALTER TABLE public.loader_offsets ADD COLUMN stage text NOT NULL DEFAULT 'load';
ALTER TABLE public.loader_offsets DROP CONSTRAINT loader_offsets_pkey;
ALTER TABLE public.loader_offsets ADD PRIMARY KEY (stage, cluster, topic, partition);
