// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When something is due in this process: a clock that nobody sets, in µs since it was started.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

inline std::int64_t steady_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace weir
