// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tracker's event in the columns of Snowplow's own ("page_url" for "url"), as far as the tracker
// gives them: no enrichment is run.
// Thread contract: a pure function. Bound: the event's own text.
#pragma once

#include <string>

#include "models/event/json/json_tape.h"

namespace weir::sandbox {

/// Appends the members, each with a comma behind it; what was not sent is null. REQUIRES: the tape
/// holds an object.
void append_canonical_columns(const JsonTape& parameters, std::string& out);

} // namespace weir::sandbox
