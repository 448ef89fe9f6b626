// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/retention_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "models/event/filter/time_text.h"

namespace weir::sandbox {
namespace {

constexpr std::int64_t day_us = 86'400LL * 1'000'000;
constexpr std::int64_t days_max = 36'500;

Error usage(std::string what) {
    return {.code = ErrorCode::Usage,
            .what = std::move(what),
            .advice = "Write hot=7d,archive=90d: whole days."};
}

std::optional<std::chrono::days> whole_days(std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration || duration->value() % day_us != 0)
        return std::nullopt;
    const std::int64_t days = duration->value() / day_us;
    if (days < 1 || days > days_max)
        return std::nullopt;
    return std::chrono::days(days);
}

} // namespace

Result<RetentionPlan> parse_retention(std::string_view text) {
    RetentionPlan plan;
    std::map<std::string, std::chrono::days*> open{
        {"hot", &plan.hot}, {"archive", &plan.archive}, {"ids", &plan.ids}};
    std::istringstream parts{std::string(text)};
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.find('=');
        const auto wanted = open.find(part.substr(0, equals));
        if (equals == std::string::npos || wanted == open.end())
            return usage("\"" + part + "\" is no period, or stands there twice");
        const auto days = whole_days(std::string_view(part).substr(equals + 1));
        if (!days)
            return usage("\"" + part + "\": not a number of days");
        *wanted->second = *days;
        open.erase(wanted);
    }
    if (open.count("hot") > 0)
        return usage("it is not said how long rows stay (hot)");
    if (plan.archives() && plan.archive <= plan.hot)
        return usage("archive files would go no later than rows do");
    if (open.count("ids") > 0)
        plan.ids = plan.all();
    if (plan.ids < plan.hot)
        return usage("an event whose row is there still would not be known again (ids)");
    return plan;
}

} // namespace weir::sandbox
