// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sighting that a stored row was made of. What the row did not keep is decoded again from its
// record once somebody asks; of a copy of an event it was kept beside it.
// Thread contract: one owner, that of `decoder`. Bound: one record, decoded once for all its rows
// in a row.
#pragma once

#include <string>

#include "models/event/decode/decoder.h"
#include "models/event/filter/whole_sighting.h"
#include "models/event/store/segment.h"

namespace weir {

class RowSighting final : public WholeSighting {
  public:
    /// `decoder` may be null: sent times and replay runs of rows that are no copies are missing.
    explicit RowSighting(Decoder* decoder)
        : m_decoder(decoder) {}

    /// Starts on another row. All three must stay until the next begin(). REQUIRES: row <
    /// segment.size().
    void begin(const Segment& segment, std::uint32_t row, const std::string& topic);
    /// As the row has it: without sent time, origin, replay run and count.
    const Sighting& kept() const { return m_sighting; }
    const Sighting& whole() override;

  private:
    void restore_of_copy(const AsRead& as_read);
    void restore_of_record();
    bool is_decoded(const StoredRow& stored) const;

    Decoder* const m_decoder;
    const Segment* m_segment = nullptr;
    std::uint32_t m_row = 0;
    const std::string* m_topic = nullptr;
    bool m_is_whole = false;
    Sighting m_sighting;
    std::uint64_t m_decoded_of = UINT64_MAX; // the segment whose record m_decoded is
    SightingBatch m_decoded;
};

/// The part of a sighting that a stored row kept.
void restore_sighting(const StoredRow& row, Sighting& out);

} // namespace weir
