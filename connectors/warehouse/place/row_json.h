// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table's row as the payload of a record: one JSON object, a member a column in the table's
// order, so that what reads events reads rows. Null is null; a column that is not in the row is not
// there. Numbers keep their digits; one that is none (NaN, Infinity) is text. A time is RFC 3339
// text, a wall clock the same without a zone; bytes are "\x" and hex. JSON columns stand as they
// are. Bytes that are not UTF-8 stay what they are: the decoder says so.
//
// Thread contract: pure functions.
#pragma once

#include <span>
#include <string>

#include "connectors/warehouse/page.h"

namespace weir::warehouse {

void append_row_json(const Columns& columns, std::span<const Value> row, std::string& out);

} // namespace weir::warehouse
