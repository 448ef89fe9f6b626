// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The questions a test asks: GET /micro/all, /micro/good, /micro/bad, /micro/reset; POST to good
// and bad with filters. Paths and shapes are those of Snowplow Micro, so that what was written for
// it works here. `?scope=` narrows each to one test.
//
// Thread contract: pure functions but for the store. Bound: MicroLimits; an answer's events.
#pragma once

#include "models/sandbox/micro_store.h"

namespace weir::sandbox {

bool is_micro_path(std::string_view path);
http::Response micro_answer(const http::Request& request, MicroStore& store);

} // namespace weir::sandbox
