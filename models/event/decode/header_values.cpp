// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/header_values.h"

#include <charconv>

namespace weir {

namespace {

std::optional<std::int64_t> decimal(std::string_view text) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    if (text.empty() || failure != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

} // namespace

std::string_view class_name(std::string_view text) {
    const std::size_t last = text.find_last_of(".$");
    return last == std::string_view::npos || last + 1 == text.size() ? text : text.substr(last + 1);
}

std::string_view iglu_name(std::string_view text) {
    const std::size_t vendor_end = text.find('/');
    if (text.substr(0, 5) != "iglu:" || vendor_end == std::string_view::npos)
        return text;
    const std::string_view name = text.substr(vendor_end + 1);
    return name.substr(0, name.find('/'));
}

std::optional<std::int64_t> header_integer(std::string_view value) {
    if (const auto number = decimal(value))
        return number;
    if (value.size() != 4 && value.size() != 8)
        return std::nullopt;
    std::uint64_t bits = 0;
    for (const char c : value)
        bits = bits << 8 | static_cast<unsigned char>(c);
    return value.size() == 4 ? static_cast<std::int32_t>(bits) : static_cast<std::int64_t>(bits);
}

std::optional<OriginText> header_origin(std::string_view value) {
    const std::size_t second = value.rfind('/');
    if (second == std::string_view::npos || second == 0)
        return std::nullopt;
    const std::size_t first = value.rfind('/', second - 1);
    if (first == std::string_view::npos || first == 0)
        return std::nullopt;
    const auto partition = decimal(value.substr(first + 1, second - first - 1));
    const auto offset = decimal(value.substr(second + 1));
    if (!partition || !offset || *partition < 0 || *partition > INT32_MAX || *offset < 0)
        return std::nullopt;
    return OriginText{value.substr(0, first), *partition, *offset};
}

} // namespace weir
