// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts the rows of a snapshot in the order of a column. Numbers go by value, exactly, before text;
// text goes by its bytes; rows that have nothing or null there come last, whichever way it is
// sorted. Rows that are equal there stay newest first.
//
// Thread contract: start() and the rest from any thread; the work is done on a thread of its own.
// The destructor cancels and waits for nothing. Bound: 24 bytes a row and texts_bytes_max for all
// texts, 0.7 GB for the 20 M matches that a search keeps at most; 8 bytes a row stay as the result.
// Of more rows less of each text is compared (text_bytes(); text that is alike so far counts as
// equal). The snapshot is pinned until the end. REQUIRES: fewer than 2^30 rows.
#pragma once

#include <memory>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/live/column.h"
#include "models/live/live_snapshot.h"

namespace weir {

struct SortSpec {
    ColumnSpec column;
    bool descending = false;
    bool operator==(const SortSpec&) const = default;
};

struct SortRequest {
    std::shared_ptr<const LiveSnapshot> snapshot;
    SortSpec by;
    std::shared_ptr<const Vocabulary> vocabulary;
    std::shared_ptr<const DisclosurePolicy> disclosure; // sorting reveals nothing that it masks
    DecoderFactory decoders{}; // asked on the sort's thread; may be empty: see RowReader
};

class SortJob {
  public:
    static constexpr std::size_t text_bytes_max = 64;
    static constexpr std::size_t texts_bytes_max = 192u << 20;
    /// How much of each text is compared, if so many rows are sorted: 16 to text_bytes_max bytes.
    /// Topics, types and other dimensions go by text_bytes_max in any case.
    static std::size_t text_bytes(std::uint64_t rows);

    static std::unique_ptr<SortJob> start(SortRequest request);
    ~SortJob();
    SortJob(const SortJob&) = delete;
    SortJob& operator=(const SortJob&) = delete;

    void cancel();
    bool finished() const;
    double share() const; // done, 0 to 1
    /// In the order asked for, the first on top. REQUIRES: finished(), not cancelled.
    const RowList& rows() const;

  private:
    struct Private;
    explicit SortJob(std::shared_ptr<Private> state);
    std::shared_ptr<Private> d;
};

} // namespace weir
