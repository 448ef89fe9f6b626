// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_cell.h"

#include "models/event/quantile/varint.h"

namespace weir {

FlowCell FlowCell::since(const FlowCell* before) const {
    if (before == nullptr)
        return *this;
    FlowCell more;
    more.events = events - before->events;
    for (std::size_t i = 0; i < flow_counts; ++i)
        more.counts[i] = counts[i] - before->counts[i];
    return more;
}

/// Counts behind the last that is not 0 are left out, so that there can be more of them one day.
std::string FlowCell::encode() const {
    std::string out;
    append_varint(events, out);
    std::size_t used = flow_counts;
    while (used > 0 && counts[used - 1] == 0)
        --used;
    for (std::size_t i = 0; i < used; ++i)
        append_signed_varint(counts[i], out);
    return out;
}

Result<FlowCell> FlowCell::decode(std::string_view bytes) {
    const Error broken{.code = ErrorCode::Corrupt, .what = "these bytes are no cell of flow"};
    FlowCell cell;
    if (!read_varint(bytes, cell.events))
        return broken;
    for (std::size_t i = 0; !bytes.empty(); ++i)
        if (i >= flow_counts || !read_signed_varint(bytes, cell.counts[i]))
            return broken;
    return cell;
}

} // namespace weir
