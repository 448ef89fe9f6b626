// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values as headers and dead letters write them. Thread contract: pure functions; views are into
// the argument.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// What stands behind the last '.' or '$' of a Java class' name.
std::string_view class_name(std::string_view text);

/// "name" of "iglu:vendor/name/format/version"; the text itself if it is none.
std::string_view iglu_name(std::string_view text);

/// Decimal text, or 4 or 8 big-endian bytes; nullopt: neither.
std::optional<std::int64_t> header_integer(std::string_view value);

struct OriginText {
    std::string_view topic;
    std::int64_t partition;
    std::int64_t offset;
};
/// "topic/partition/offset", as the header weir-origin has it.
std::optional<OriginText> header_origin(std::string_view value);

} // namespace weir
