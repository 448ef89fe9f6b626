// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/filter_remarks.h"

#include <algorithm>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/search/path_census.h"
#include "models/live/row_reader.h"

namespace weir {

namespace {

void look_into(const LaneSnapshot& lane, std::uint32_t rows_max, RowReader& reader,
               Decoder* decoder, PathCensus& census) {
    std::vector<HeaderView> headers;
    std::uint32_t looked = 0;
    for (std::size_t s = lane.segments.size(); s > 0 && looked < rows_max; --s) {
        const Segment& segment = *lane.segments[s - 1];
        for (std::uint32_t row = lane.rows_in(s - 1); row > 0 && looked < rows_max; ++looked) {
            --row;
            if (segment.row(row).body_size > row_bytes_max || segment.row(row).value_null != 0)
                continue;
            headers.clear();
            segment.headers(row, headers);
            FilterInput raw;
            raw.key_null = segment.row(row).key_null != 0;
            raw.key = segment.key(row);
            raw.value = segment.body(row);
            raw.headers = headers.data();
            raw.header_count = headers.size();
            if (decoder != nullptr)
                raw.paths = decoder->field_paths(PlaceId(segment.row(row).place),
                                                 ValueId(segment.row(row).dialect));
            census.take(raw, disclosed_input(raw, reader.disclose(segment, row)));
        }
    }
}

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
    RowReader reader(vocabulary, policy, RowReader::Style::Whole);
    const auto each = std::max(rows_looked_into_max / static_cast<std::uint32_t>(lanes.size()), 1u);
    for (const auto& lane : lanes)
        if (lane != nullptr)
            look_into(*lane, each, reader, decoder, *census);
    for (std::string& remark : census->remarks(false))
        told.push_back(std::move(remark));
    return told;
}

} // namespace weir
