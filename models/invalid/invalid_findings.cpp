// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_findings.h"

#include <algorithm>
#include <cmath>

#include "models/event/grouped.h"

namespace weir {
namespace {

constexpr std::size_t reasons_told = 3;
constexpr double nearly_all = 0.95;

/// Nothing: no event names one.
AffectedCount affected(const DistinctSketch& sketch) {
    if (sketch.estimate() == 0)
        return {};
    constexpr double of_95_percent = 1.96;
    const auto estimate = static_cast<double>(sketch.estimate());
    const double error =
        sketch.exact() ? 0 : of_95_percent * DistinctSketch::standard_error * estimate;
    return {static_cast<std::int64_t>(sketch.estimate()), std::llround(error)};
}

/// Of failed and unreadable events, as their share counts them.
bool counts_as_invalid(const InvalidRow& row) {
    return !row.bot() && row.key.kind != InvalidKind::Passed;
}

/// 0.0476 → "4.8 %"
std::string tenths_text(double share) {
    const long long tenths = std::llround(share * 1'000);
    return std::to_string(tenths / 10) +
           (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " %";
}

std::string invalid_sentence(const InvalidTotals& totals, double share_max) {
    const std::string count = grouped(totals.invalid());
    const char* verb = totals.invalid() == 1 ? " is" : " are";
    if (const auto share = totals.share())
        return count + " of " + grouped(*totals.of) + " events" + verb +
               " invalid: " + tenths_text(*share) + ", and " + tenths_text(share_max) + " may be";
    return count + (totals.invalid() == 1 ? " event" : " events") + verb + " invalid";
}

} // namespace

bool is_over(const InvalidTotals& totals, double share_max) {
    const auto share = totals.share();
    return share ? *share > share_max : totals.invalid() > 0;
}

std::vector<Finding> invalid_findings(const InvalidSeen& seen, const Vocabulary& vocabulary,
                                      const DisclosurePolicy& disclosure, const RecordRange& range,
                                      const std::string& connection, bool partial,
                                      double share_max) {
    InvalidQuestion question;
    question.range = range;
    question.grouping.message = question.grouping.pointer = false;
    question.grouping.place = true;
    const InvalidReport report = invalid_report(seen, vocabulary, disclosure, question);
    if (!is_over(report.now, share_max))
        return {};
    Finding finding;
    finding.code = "invalid_over_limit";
    finding.scope.connection = connection;
    finding.fate = Fate::Unknown;
    finding.events.count = static_cast<std::int64_t>(report.now.invalid());
    finding.confidence = partial ? Confidence::Possible : Confidence::Certain;
    finding.sentence = invalid_sentence(report.now, share_max);
    finding.next_step = "See who sends them, since when, and what mends it.";
    finding.command = {"invalid"};
    DistinctSketch users, sessions;
    std::int64_t first_us = INT64_MAX;
    for (const InvalidRow& row : report.rows) {
        if (!counts_as_invalid(row))
            continue;
        users.add(row.users);
        sessions.add(row.sessions);
        first_us = std::min(first_us, std::max(row.first_us, range.from_us));
        if (finding.evidence.size() < reasons_told)
            finding.evidence.push_back(grouped(row.now.events) + " " + row.reason + " in " +
                                       row.topic);
        if (static_cast<double>(row.now.events) >
            nearly_all * static_cast<double>(report.now.invalid()))
            finding.scope.values.emplace_back("reason", row.reason);
    }
    if (first_us != INT64_MAX)
        finding.since = Micros(first_us);
    finding.users = affected(users);
    finding.sessions = affected(sessions);
    return {std::move(finding)};
}

} // namespace weir
