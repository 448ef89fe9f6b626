// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around a stored event in its record. Rows of one record follow each other: it is
// found once for all of them.
// Thread contract: one owner. Bound: as RecordEnvelope.
#pragma once

#include "models/event/filter/record_envelope.h"
#include "models/event/store/segment.h"

namespace weir {

class RowEnvelope {
  public:
    /// Null: the event is all of its record's value. Valid until it is asked for another record's,
    /// and as long as the segment. REQUIRES: row < segment.size().
    EnvelopeText* of(const Segment& segment, std::uint32_t row);

  private:
    RecordEnvelope m_envelope;
    std::uint64_t m_segment = UINT64_MAX; // whose record m_envelope is of …
    const char* m_value = nullptr;        // … which may move into a file meanwhile
};

} // namespace weir
