// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kinds of event that Snowplow's tracker protocol has, by its short names ("pv").
// Thread contract: pure functions.
#pragma once

#include <string_view>

namespace weir::sandbox {

/// "page_view" for "pv", …; the code itself where it is none that is known.
std::string_view snowplow_type_word(std::string_view code);
/// The schema of an event that names none itself: Snowplow's own of its kind; "" for none.
std::string_view snowplow_own_schema(std::string_view code);

} // namespace weir::sandbox
