// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/message_headers.h"

#include <algorithm>
#include <cstdint>

namespace weir::kafka {

void append_headers(const rd_kafka_message_t& message, std::vector<HeaderView>& headers) {
    rd_kafka_headers_t* told = nullptr;
    if (rd_kafka_message_headers(&message, &told) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return; // there are none
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    const std::size_t count = std::min<std::size_t>(rd_kafka_header_cnt(told), UINT16_MAX);
    for (std::size_t i = 0; i < count && rd_kafka_header_get_all(told, i, &name, &value, &size) ==
                                             RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i)
        headers.push_back(
            {name, {static_cast<const char*>(value), value ? size : 0}, value == nullptr});
}

} // namespace weir::kafka
