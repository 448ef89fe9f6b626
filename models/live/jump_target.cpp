// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/jump_target.h"

#include <charconv>

namespace weir {

namespace {

Error mistake(std::string_view text) {
    Error error;
    error.code = ErrorCode::Usage;
    error.what = "\"" + std::string(text) + "\" is neither a time nor an offset";
    error.advice = "Write 14:07:31, 2026-01-31T14:07:31Z, now-15m, 83120428 or 3:83120428 "
                   "(partition:offset; also 3@83120428)";
    return error;
}

std::optional<std::int64_t> number(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c != ',' && c != '_' && c != ' ')
            digits.push_back(c);
    }
    std::int64_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size() ||
        value < 0)
        return std::nullopt;
    return value;
}

} // namespace

Result<JumpTarget> JumpTarget::parse_offset(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    JumpTarget target;
    std::string_view rest = text;
    if (const std::size_t slash = rest.rfind('/'); slash != std::string_view::npos) {
        target.topic = std::string(rest.substr(0, slash));
        rest.remove_prefix(slash + 1);
    }
    // "@100" is an offset as --from takes it, "3@100" a place as the command line prints it.
    if (const std::size_t mark = rest.find_first_of(":@"); mark != std::string_view::npos) {
        const bool any_partition = mark == 0 && rest.front() == '@' && target.topic.empty();
        const auto partition = number(rest.substr(0, mark));
        if (!any_partition && (!partition || *partition > INT32_MAX))
            return mistake(text);
        if (!any_partition)
            target.partition = PartitionId(static_cast<std::int32_t>(*partition));
        rest.remove_prefix(mark + 1);
    }
    const auto offset = number(rest);
    if (!offset)
        return mistake(text);
    target.offset = Offset(*offset);
    return target;
}

} // namespace weir
