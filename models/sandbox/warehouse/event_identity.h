// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// By what the warehouse knows an event: its id, or where it was first written.
// Thread contract: pure functions.
#pragma once

#include <string>

#include "models/event/decode/header_values.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// Its id, a UUID as 01234567-89ab-…; empty: it has none. It may lie in `scratch`.
std::string_view id_text(const StageInput& event, std::string& scratch);

/// Where the event was first written; this record, if no header says so.
OriginText origin_of(const StageInput& event);

/// "raw_events/3/42"
std::string text_of(const OriginText& origin);

/// Whether a text can be a key of the tables (PostgreSQL's indexes take no more than 2,700 bytes,
/// and no NUL): the rest are nobody's ids.
bool fits_key(std::string_view text);

/// id_text(), if it can be one, or the text of its origin: every event has a key.
std::string key_text(const StageInput& event);

} // namespace weir::sandbox
