// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A still snapshot in the order of a column: starts the work, tells how far it is, and gives the
// snapshot with its rows in that order once they are. A stream that goes on is never sorted.
// Thread contract: one thread, the GUI's; never waits but for a job that is given up to notice it
// (one block of rows). Bound: one SortJob.
#pragma once

#include <optional>

#include "models/live/sort_job.h"

namespace weir {

class SortedRows {
  public:
    /// Whose rows; forgets the order that was asked for.
    void reset(std::shared_ptr<const Vocabulary> vocabulary,
               std::shared_ptr<const DisclosurePolicy> disclosure, DecoderFactory decoders);
    /// None: as they came.
    void sort_by(std::optional<SortSpec> spec);
    const std::optional<SortSpec>& wanted() const { return m_spec; }

    /// `base`, in order if it is `still` and the work is done; `base` itself otherwise.
    std::shared_ptr<const LiveSnapshot> apply(const std::shared_ptr<const LiveSnapshot>& base,
                                              bool still);
    /// What apply() gave last is in order.
    bool sorted() const { return m_out != nullptr; }
    bool working() const { return m_job != nullptr; }
    double share() const { return m_job ? m_job->share() : 1; }

  private:
    /// Which rows an order was made of.
    struct Rows {
        std::uint64_t filter_token = 0;
        std::uint64_t matched = 0;
        std::uint64_t given_up = 0;
        bool operator==(const Rows&) const = default;
    };

    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::shared_ptr<const DisclosurePolicy> m_disclosure;
    DecoderFactory m_decoders;
    std::optional<SortSpec> m_spec;
    std::unique_ptr<SortJob> m_job;
    Rows m_of;
    std::optional<RowList> m_rows;
    std::shared_ptr<const LiveSnapshot> m_base;
    std::shared_ptr<const LiveSnapshot> m_out;
};

} // namespace weir
