// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/filter_remarks.h"

#include <algorithm>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/search/path_census.h"
#include "models/live/row_envelope.h"
#include "models/live/row_reader.h"

namespace weir {

namespace {

/// Shows the census rows as they were read and as they may be shown.
class Look {
  public:
    Look(const Filter& filter, std::shared_ptr<const Vocabulary> vocabulary,
         const std::shared_ptr<const DisclosurePolicy>& policy, Decoder* decoder,
         PathCensus& census)
        : m_filter(filter)
        , m_reader(std::move(vocabulary), policy, RowReader::Style::Whole)
        , m_discloser(policy, MaskedParts::Counted)
        , m_decoder(decoder)
        , m_census(census) {}

    /// At the newest rows.
    void into(const LaneSnapshot& lane, std::uint32_t rows_max) {
        std::uint32_t looked = 0;
        for (std::size_t s = lane.segments.size(); s > 0 && looked < rows_max; --s) {
            const Segment& segment = *lane.segments[s - 1];
            for (std::uint32_t row = lane.rows_in(s - 1); row > 0 && looked < rows_max; ++looked) {
                --row;
                if (segment.row(row).body_size <= row_bytes_max && segment.row(row).value_null == 0)
                    into(segment, row);
            }
        }
    }

  private:
    void into(const Segment& segment, std::uint32_t row) {
        m_headers.clear();
        segment.headers(row, m_headers);
        FilterInput raw;
        raw.key_null = segment.row(row).key_null != 0;
        raw.key = segment.key(row);
        raw.value = segment.body(row);
        raw.headers = m_headers.data();
        raw.header_count = m_headers.size();
        if (m_decoder != nullptr)
            raw.paths = m_decoder->field_paths(PlaceId(segment.row(row).place),
                                               ValueId(segment.row(row).dialect));
        if (m_filter.looks_around_events() && segment.row(row).value_size <= record_bytes_max)
            raw.envelope = m_envelope.of(segment, row);
        const DisclosedRecord shown = m_reader.disclose_event(segment, row);
        m_census.take(raw, disclosed_input(raw, shown, &m_shown_envelope));
    }

    const Filter& m_filter;
    RowReader m_reader;
    Discloser m_discloser;
    Decoder* const m_decoder;
    PathCensus& m_census;
    RowEnvelope m_envelope;
    DisclosedEnvelope m_shown_envelope{m_discloser};
    std::vector<HeaderView> m_headers;
};

} // namespace

std::vector<std::string>
filter_remarks(const Filter& filter, const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes,
               const std::shared_ptr<const Vocabulary>& vocabulary,
               const std::shared_ptr<const DisclosurePolicy>& policy, Decoder* decoder) {
    std::vector<std::string> told;
    for (const FilterHint& hint : filter.hints())
        told.push_back(hint.text);
    const auto census = PathCensus::of(filter, *vocabulary, *policy);
    if (census == nullptr || lanes.empty())
        return told;
    Look look(filter, vocabulary, policy, decoder, *census);
    const auto each = std::max(rows_looked_into_max / static_cast<std::uint32_t>(lanes.size()), 1u);
    for (const auto& lane : lanes)
        if (lane != nullptr)
            look.into(*lane, each);
    for (std::string& remark : census->remarks(false))
        told.push_back(std::move(remark));
    return told;
}

} // namespace weir
