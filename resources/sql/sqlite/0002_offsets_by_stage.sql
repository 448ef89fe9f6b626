-- SPDX-FileCopyrightText: The Weir authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Several stages keep what they make in the warehouse, each with its own offsets. SQLite makes no
-- other primary key for a table that is there.
ALTER TABLE loader_offsets RENAME TO old_loader_offsets;
CREATE TABLE loader_offsets (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next integer NOT NULL,
    load_batch text,
    updated_at timestamp_us NOT NULL,
    stage text NOT NULL DEFAULT 'load',
    PRIMARY KEY (stage, cluster, topic, partition)
);
INSERT INTO loader_offsets (cluster, topic, partition, next, load_batch, updated_at)
    SELECT cluster, topic, partition, next, load_batch, updated_at FROM old_loader_offsets;
DROP TABLE old_loader_offsets;
