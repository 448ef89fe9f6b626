// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/record_mark.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

RecordMark RecordMark::of(const rd_kafka_message_s& message) {
    static constexpr std::size_t bytes_max =
        1024; // of the key and of the value: it is a mark, no proof
    const auto hash = [](const void* bytes, std::size_t size) -> std::uint64_t {
        const std::size_t used = bytes ? std::min(size, bytes_max) : 0;
        return std::hash<std::string_view>{}({static_cast<const char*>(bytes), used});
    };
    const auto time = static_cast<std::uint64_t>(rd_kafka_message_timestamp(&message, nullptr));
    std::uint64_t mixed = hash(message.key, message.key_len);
    for (const std::uint64_t part :
         {hash(message.payload, message.len), time, std::uint64_t{message.len}})
        mixed = mixed * 0x9e3779b97f4a7c15ULL + part;
    return {Offset(message.offset), mixed};
}

} // namespace weir::kafka
