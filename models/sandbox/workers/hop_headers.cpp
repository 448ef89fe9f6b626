// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/hop_headers.h"

#include "models/sandbox/record_limits.h"

namespace weir::sandbox {

HopHeaders::HopHeaders(const RecordBatch& batch, const Record& record, std::string_view stage,
                       Micros in) {
    const HeaderView* const had = batch.headers_of(record);
    bool has_origin = false;
    for (std::size_t i = 0; i < record.header_count; ++i) {
        m_list.push_back({had[i].name, had[i].value, had[i].null});
        has_origin |= had[i].name == "weir-origin";
    }
    if (!has_origin) {
        m_origin = std::string(record.topic) + "/" + std::to_string(record.partition.value()) +
                   "/" + std::to_string(record.offset.value());
        m_list.push_back({"weir-origin", m_origin});
    }
    add_hop(stage, in);
}

HopHeaders::HopHeaders(std::string_view stage, Micros in) {
    add_hop(stage, in);
}

void HopHeaders::add_hop(std::string_view stage, Micros in) {
    m_in = std::to_string(in.value());
    m_left = Micros::now();
    m_out = std::to_string(m_left.value());
    m_list.push_back({"weir-stage", stage});
    m_list.push_back({"weir-in-us", m_in});
    m_list.push_back({"weir-out-us", m_out});
}

std::size_t HopHeaders::bytes() const {
    std::size_t bytes = 0;
    for (const kafka::OutHeader& header : m_list)
        bytes += header_bytes(header.name, header.value);
    return bytes;
}

} // namespace weir::sandbox
