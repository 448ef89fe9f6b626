// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the rows of a snapshot to a file: CSV of columns and, behind them, "value" (the event's
// own text; base64 where "encoding" says so, as "key_encoding" does of a key), or NDJSON of the
// same shape as the matches of `weir search --json`. In CSV what is missing is nothing between two
// commas, null is null without quotes, and the texts that look like them are in quotes.
// The file appears under its name only when it is whole.
//
// Thread contract: start() and the rest from any thread; the work is done on a thread of its own.
// The destructor cancels and waits for nothing. Bound: one buffer; the snapshot is pinned until the
// end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/live/column.h"
#include "models/live/live_snapshot.h"

namespace weir {

enum class ExportFormat { Csv, Ndjson };

struct ExportRequest {
    std::shared_ptr<const LiveSnapshot> snapshot;
    std::vector<RowRef> rows; // these, in this order; empty: all of the snapshot, oldest first
    std::vector<ColumnSpec> columns; // for CSV
    ExportFormat format = ExportFormat::Ndjson;
    std::string path;
    std::shared_ptr<const Vocabulary> vocabulary;
    std::shared_ptr<const DisclosurePolicy> disclosure;
    DecoderFactory decoders;         // asked on the export's thread; may be empty: see RowReader
    DisclosureMaker make_disclosure; // asked on the export's thread; empty: `disclosure` holds
    /// Told on the export's thread before anything is written; what it refuses is not. May be
    /// empty.
    std::function<Result<void>()> announce;
};

class ExportJob {
  public:
    static std::unique_ptr<ExportJob> start(ExportRequest request);
    ~ExportJob();
    ExportJob(const ExportJob&) = delete;
    ExportJob& operator=(const ExportJob&) = delete;

    void cancel();
    struct Progress {
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        std::uint64_t left_out = 0; // rows that were given up before they could be written
        bool finished = false;
    };
    Progress progress() const;
    /// REQUIRES: progress().finished. Errors: Cancelled, DiskFull, NotPermitted, Io, the maker's
    /// and announce's.
    Result<void> result() const;
    const std::string& path() const;

  private:
    struct Private;
    explicit ExportJob(std::shared_ptr<Private> state);
    std::shared_ptr<Private> d;
};

} // namespace weir
