// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/violation_tally.h"

#include <algorithm>

#include "app/cli/console.h"

namespace weir::cli {

bool is_refused(const std::vector<Violation>& violations) {
    return std::any_of(violations.begin(), violations.end(),
                       [](const Violation& v) { return v.effect == Effect::Block; });
}

void ViolationTally::add(const std::vector<Violation>& violations) {
    ++events;
    for (const Violation& violation : violations)
        ++reasons[static_cast<std::size_t>(violation.reason)];
    if (is_refused(violations))
        ++invalid;
    else if (!violations.empty())
        ++flagged;
}

void ViolationTally::add(const ViolationTally& other) {
    events += other.events;
    invalid += other.invalid;
    flagged += other.flagged;
    for (std::size_t i = 0; i < reasons.size(); ++i)
        reasons[i] += other.reasons[i];
}

std::string ViolationTally::text() const {
    std::string words =
        grouped(events) + (events == 1 ? " event, " : " events, ") + grouped(invalid) + " invalid";
    if (flagged > 0)
        words += ", " + grouped(flagged) + " flagged";
    const char* before = ": ";
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        if (reasons[i] == 0)
            continue;
        words += before + grouped(reasons[i]) + " " +
                 std::string(to_word(static_cast<ViolationReason>(i)));
        before = ", ";
    }
    return words;
}

std::string ViolationTally::reasons_json() const {
    std::string out = "{";
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        if (reasons[i] == 0)
            continue;
        out += out.size() > 1 ? ",\"" : "\"";
        out += std::string(to_word(static_cast<ViolationReason>(i))) +
               "\":" + std::to_string(reasons[i]);
    }
    return out + "}";
}

std::string violations_json(const std::vector<Violation>& violations) {
    std::string out = "[";
    for (std::size_t i = 0; i < violations.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_violation_json(violations[i], out);
    }
    return out += "]";
}

std::string violations_text(const std::string& where, const std::vector<Violation>& violations) {
    std::string out;
    for (const Violation& violation : violations) {
        out += where + ": " + violation_text(violation);
        out += violation.effect == Effect::Block
                   ? "\n"
                   : " [" + std::string(to_word(violation.effect)) + "]\n";
    }
    return out;
}

} // namespace weir::cli
