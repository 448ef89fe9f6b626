// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Knows a record again. Thread contract: plain values. Bound: 16 bytes.
#pragma once

#include <cstdint>

#include "connectors/base/types.h"
#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

/// Enough of a record that was read to know it again: a topic that was deleted and made again holds
/// another one at that offset, or none.
struct RecordMark {
    Offset offset{-1}; // -1: nothing was read yet
    std::uint64_t hash = 0;
    static RecordMark of(const rd_kafka_message_t& message);
};

} // namespace weir::kafka
