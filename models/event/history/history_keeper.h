// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps what the folds of one connection find, so that charts go back to before the process began.
// Each run of an ingest loop hands in its deltas, with the offsets they reach, as one checkpoint; a
// thread of the keeper's own adds them to the store, and makes old ones coarser and lets them go.
//
// Nothing that is live waits for the store. What cannot be written is kept and tried again, up to
// waiting_bytes_max; then it is let go, and its time counts as not watched. A store that cannot be
// used at all is told in status(), and nothing is kept.
//
// Where another Weir writes the store, what it has written when a run begins is read, once; the run
// itself is not kept.
//
// Thread contract: any thread. begin() blocks for the store, some seconds at most where another
// program holds it; commit() only ever for a lock that is not held during I/O.
// Bound: the policy's bytes; waiting_bytes_max.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/event/fold/counted_ranges.h"
#include "models/event/fold/record_range.h"
#include "models/event/history/history_policy.h"
#include "models/event/history/kept_fold.h"

namespace weir {

struct HistoryOptions {
    std::string file;
    HistoryPolicy policy;
    std::vector<std::shared_ptr<KeptFold>> folds;
    std::shared_ptr<const PlaceTable> places; // of the checkpoints' marks
    bool writes = true;                       // else what is there is read alone
};

struct HistoryStatus {
    enum class State : std::uint8_t {
        Off,      // it cannot be used: see error
        Loading,  // what is there is being read
        Writing,  // all is well
        Waiting,  // what comes cannot be written just now: see error
        ReadOnly, // another Weir writes it, or nobody was asked to
    };
    State state = State::Loading;
    std::string file;
    std::optional<Error> error;
    /// When all that is observed was watched, before this run; in order, apart from each other.
    std::vector<RecordRange> watched;
    std::uint64_t let_go = 0; // cells that could not be written, and were too many to wait
    bool shortened = false;   // the file is full: what is old goes before its time
};

/// One line about it: where it is kept, or why it is not, and what to do.
std::string history_text(const HistoryStatus& status);

class HistoryKeeper;

/// One ingest loop's. Its deltas are kept until it is gone, or another run begins.
class HistoryRun final : public CheckpointSink {
  public:
    /// `number`: 0: nothing of it is kept.
    HistoryRun(std::shared_ptr<HistoryKeeper> keeper, std::int64_t number,
               std::shared_ptr<const CountedRanges> counted);
    ~HistoryRun() override; // waits until what it handed in is written, or cannot be

    /// Always keeps it: in memory at first.
    Result<void> commit(const Checkpoint& checkpoint) override;
    /// Somebody wants its checkpoints.
    bool keeps() const { return m_number != 0; }
    /// What the history holds; null: nothing.
    const std::shared_ptr<const CountedRanges>& counted() const { return m_counted; }
    std::shared_ptr<const HistoryStatus> status() const;

  private:
    const std::shared_ptr<HistoryKeeper> m_keeper;
    const std::int64_t m_number;
    const std::shared_ptr<const CountedRanges> m_counted;
};

class HistoryKeeper : public std::enable_shared_from_this<HistoryKeeper> {
  public:
    static constexpr std::size_t waiting_bytes_max = std::size_t{64} << 20;

    static std::shared_ptr<HistoryKeeper> create(HistoryOptions options);
    ~HistoryKeeper();
    HistoryKeeper(const HistoryKeeper&) = delete;
    HistoryKeeper& operator=(const HistoryKeeper&) = delete;

    /// From now on another run is kept: the folds begin anew with it, and their pasts are read on
    /// the keeper's thread. Never null.
    std::unique_ptr<HistoryRun> begin();
    std::shared_ptr<const HistoryStatus> status() const;

  private:
    friend class HistoryRun;
    struct Private;
    explicit HistoryKeeper(HistoryOptions options);
    void commit(std::int64_t run, const Checkpoint& checkpoint);
    void finish(std::int64_t run);
    const std::unique_ptr<Private> d;
};

} // namespace weir
