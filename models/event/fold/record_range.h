// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stretch of record time, half-open. Thread contract: plain values.
#pragma once

#include <cstdint>
#include <limits>

namespace weir {

struct RecordRange {
    std::int64_t from_us = std::numeric_limits<std::int64_t>::min();
    std::int64_t to_us = std::numeric_limits<std::int64_t>::max();
};

} // namespace weir
