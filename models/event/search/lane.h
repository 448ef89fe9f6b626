// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread of a search: polls its stream, keeps account of what was read, has the rest judged.
// What is counted as read has been judged: when the receiver wants no more in the middle of a
// batch, the account ends at that record, before it if not all of its events were judged.
//
// Thread contract: one thread a lane. Bound: one batch.
#pragma once

#include <atomic>
#include <vector>

#include "models/event/search/outlet.h"
#include "models/event/search/scanner.h"
#include "models/event/search/slots.h"

namespace weir {

/// What the lanes of a search share.
struct SearchShared {
    SearchSlots slots;
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> last_sign_us{0}; // when anything last came, steady clock
};

/// Microseconds of the monotonic clock.
std::int64_t steady_now_us();

class SearchLane : private Scanner::Verdicts {
  public:
    SearchLane(const ScanParts& parts, SearchShared& shared, SearchOutlet& outlet,
               SearchOrder order);

    /// Until the source is finished, or the search is to stop, or nothing came for `stall_us`.
    void run(RecordSource& source, int stream, std::int64_t stall_us);

  private:
    struct Run { // records that follow each other in one partition
        SearchSlot* slot;
        std::uint32_t begin;
        std::uint32_t end;
        std::int64_t newest_us; // the latest record time in it
    };
    bool matched(std::uint32_t number, const HitView& hit, bool last) override;
    void undecodable(std::uint32_t number) override;
    void cut(const Record& record, std::uint64_t left_out) override;

    void take(RecordBatch batch);
    void find_runs(const RecordBatch& batch);
    void account(std::uint32_t judged);
    void release_oldest();
    SearchSlot* slot_of(std::uint32_t original) const;

    Scanner m_scanner;
    SearchShared& m_shared;
    SearchOutlet& m_outlet;
    const SearchOrder m_order;
    std::vector<Run> m_runs;
    std::vector<Offset> m_offsets;      // of the batch's records, before any is thrown out
    std::vector<std::uint64_t> m_bytes; // up to and with each record
    std::uint32_t m_judged_all_before = 0;
    bool m_enough = false;
};

} // namespace weir
