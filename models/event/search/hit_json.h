// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record as JSON: one writer for what the command line prints, the window exports and the
// clipboard gets, so that a script reads them all alike.
// Thread contract: pure functions. Bound: one record.
#pragma once

#include <string>
#include <string_view>

#include "models/event/search/hit.h"

namespace weir {

/// Appends {"topic","partition","offset","time","key","value","headers"} without a newline. "time"
/// is RFC 3339 UTC or null; "headers" is [{"name","value"}…] in order, with duplicates. A text that
/// is not UTF-8 is base64, and "encoding" (of the value), "key_encoding", or a header's
/// "name_encoding" and "encoding" say so. What is null stays null. "masked" and "undecodable" are
/// there where they are true, "ordinal" where the record holds several events. Payload text is
/// copied, never rewritten: numbers keep their digits.
void append_json_record(const HitView& hit, std::string& out);

/// "2026-01-31T14:07:31.449Z", with six digits where there are microseconds; before 1970 too.
std::string rfc3339(Micros time);

/// Appends bytes as a JSON string, in base64 if they are not UTF-8. True: in base64.
bool append_json_text(std::string_view bytes, std::string& out);

} // namespace weir
