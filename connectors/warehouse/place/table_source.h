// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table as an observed place: its new rows as records, like a topic's.
//
// A table is read in passes, one an interval, each from the highest value of a declared column that
// was seen, less an overlap: transactions commit in another order than the column's, and a row
// may turn up below what was read. What was delivered before is left out (seen_rows.h). A row that
// commits later than the overlap is missed; a row without a value in that column is never read; a
// row whose column was set anew is delivered anew.
//
// Records: `topic` is the place's name and `partition` 0. `offset` counts the rows delivered, from
// 0 at the first start; a table has no offsets of its own, so that a row is looked up by its id
// (find_rows) and not by this. `key` is the first key column, `value` the row as JSON (row_json.h),
// `timestamp` the order column where that is an instant (LogAppendTime), else none. Events:
// ReachedEnd after each pass, in a batch whose `observed` is the time up to which nothing can turn
// up any more (the pass's start less the overlap); Failed and Recovered.
//
// Thread contract: as RecordSource; one worker thread reads. Bound: queue_batches_max batches of
// batch_records rows or batch_bytes; seen_rows_max rows are known again.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "connectors/base/record_source.h"
#include "connectors/warehouse/place/seen_rows.h"
#include "connectors/warehouse/warehouse.h"

namespace weir::warehouse {

/// From where a table is read.
struct TablePosition {
    enum class From { Beginning, End, At };
    From from = From::End; // End: what is there now is not delivered
    // For At, as position() gave it:
    ValueKind kind = ValueKind::Integer;
    std::int64_t order = 0;
    Offset next{0};
    std::vector<SeenRow> seen;
};

struct TablePlace {
    std::string name; // the place's
    TableName table;
    std::vector<std::string> columns;     // empty: all; those named below are read in any case
    std::string order_column;             // integers or times that grow with what is written
    std::vector<std::string> key_columns; // tell a row from others; the first is its id
    std::chrono::milliseconds interval{60'000};     // between the beginnings of two passes
    std::chrono::microseconds overlap{120'000'000}; // for an order column of times
    std::int64_t overlap_numbers = 10'000;          // for one of integers
    std::chrono::milliseconds pass_timeout{600'000};
    std::size_t seen_rows_max = 1'000'000;
    bool once = false; // one pass, then finished
};

struct TableProgress {
    std::int64_t rows = 0;          // delivered
    std::int64_t reread = 0;        // left out as delivered before
    std::int64_t unordered = 0;     // left out: no integer and no time in the order column
    std::int64_t passes = 0;        // that came to the table's end
    bool overlap_shortened = false; // more rows in it than are known again
    std::string trouble;            // of the newest pass; empty: it went well
};

class TableSource : public RecordSource {
  public:
    static constexpr std::size_t batch_records = 512;
    static constexpr std::size_t batch_bytes = 4'000'000;
    static constexpr std::size_t queue_batches_max = 4;

    /// Starts reading at once; does not block.
    /// Errors: Config (a place without a name, table, order or key column, an interval under 1 s),
    /// Refused (each query on this warehouse costs money: it is read once, not polled).
    static Result<std::unique_ptr<TableSource>> open(std::shared_ptr<Warehouse> warehouse,
                                                     TablePlace place, TablePosition start);

    /// Where to go on after all that poll() has handed out up to a ReachedEnd.
    virtual TablePosition position() const = 0;
    virtual TableProgress progress() const = 0;
};

/// The rows whose first key column is `id`, in records without an offset (-1). An id that the
/// column cannot hold is found in no row. Blocks. Errors: as Rows::next().
Result<RecordBatch> find_rows(Warehouse& warehouse, const TablePlace& place, const std::string& id,
                              std::chrono::milliseconds timeout);

} // namespace weir::warehouse
