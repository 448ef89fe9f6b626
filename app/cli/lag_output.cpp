// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lag_output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "connectors/base/time_units.h"
#include "models/event/grouped.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"
#include "models/live/group_commands.h"

namespace weir::cli {

namespace {

std::string number_json(double number) {
    std::array<char, 40> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.3f", number);
    std::string json(text.data(), static_cast<std::size_t>(std::max(0, size)));
    while (json.back() == '0')
        json.pop_back();
    if (json.back() == '.')
        json.pop_back();
    return json == "-0" ? "0" : json;
}

std::string json_of(const std::optional<double>& number) {
    return number ? number_json(*number) : "null";
}

std::string known_offset(std::int64_t offset) {
    return offset < 0 ? "null" : std::to_string(offset);
}

bool has_next(const PartitionBacklog& p) {
    return p.facts.next.is_record() && p.facts.next.holds_for(p.facts.committed, p.facts.end);
}

void append_text(const char* name, const std::string& text, std::string& out) {
    out += std::string("\"") + name + "\":";
    append_json_string(text, out);
    out += ",";
}

void append_row(const GroupBacklog& group, const PartitionBacklog& p, std::string& out) {
    const Assessment& a = p.assessment;
    out += "{";
    append_text("group", group.group.id, out);
    append_text("topic", p.facts.at.topic, out);
    out += "\"partition\":" + std::to_string(p.facts.at.partition.value()) +
           ",\"committed\":" + known_offset(p.facts.committed) +
           ",\"end\":" + known_offset(p.facts.end) +
           ",\"lag_messages\":" + (a.lag_messages ? std::to_string(*a.lag_messages) : "null") +
           ",\"lag_s\":" +
           (a.lag_us ? number_json(static_cast<double>(*a.lag_us) / us_per_s) : "null") +
           ",\"lag_s_method\":\"" + to_word(a.lag_method) + "\",\"rate_in\":" + json_of(a.rate_in) +
           ",\"rate_out\":" + json_of(a.rate_out) + ",\"drain_s\":" + json_of(a.drain_s) +
           ",\"verdict\":\"" + to_word(a.verdict) + "\",";
    append_text("reason", a.reason, out);
    out += "\"next_unread\":";
    if (!has_next(p)) {
        out += "null}";
        return;
    }
    out += "{\"offset\":" + std::to_string(p.facts.next.offset) + ",\"time\":" +
           (p.facts.next.time.value() < 0 ? "null" : "\"" + rfc3339(p.facts.next.time) + "\"") +
           "}}";
}

using Groups = std::vector<const GroupBacklog*>;

bool asked_for(const TopicFilter& wanted, const PartitionBacklog& p) {
    return !wanted || wanted(p.facts.at.topic);
}

bool asked_for(const TopicFilter& wanted, const GroupBacklog& group) {
    return !wanted || std::any_of(group.partitions.begin(), group.partitions.end(),
                                  [&](const auto& p) { return asked_for(wanted, p); });
}

Groups worst_first(const BacklogSnapshot& snapshot, const TopicFilter& wanted) {
    Groups groups;
    for (const auto& group : snapshot.groups)
        if (asked_for(wanted, *group))
            groups.push_back(group.get());
    std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) {
        return a->verdict != b->verdict ? a->verdict > b->verdict
                                        : a->lag_messages > b->lag_messages;
    });
    return groups;
}

std::string rate_cell(const std::optional<double>& rate) {
    if (!rate)
        return "-";
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), std::abs(*rate) < 10 ? "%.1f" : "%.0f", *rate);
    return text.data();
}

std::string lag_time_cell(const Assessment& a) {
    if (!a.lag_us)
        return "-";
    const char* sign = a.lag_method == LagMethod::AtLeast        ? "≥ "
                       : a.lag_method == LagMethod::Interpolated ? "≈ "
                                                                 : "";
    return sign + span_text(*a.lag_us);
}

Cells cells_of(const PartitionBacklog& p) {
    const Assessment& a = p.assessment;
    return {
        terminal_safe(p.facts.at.topic, true) + "/" + std::to_string(p.facts.at.partition.value()),
        p.facts.committed < 0 ? "-" : std::to_string(p.facts.committed),
        p.facts.end < 0 ? "-" : std::to_string(p.facts.end),
        a.lag_messages ? grouped(*a.lag_messages) : "-",
        lag_time_cell(a),
        rate_cell(a.rate_in),
        rate_cell(a.rate_out),
        a.drain_s && *a.drain_s > 0 ? span_text(static_cast<std::int64_t>(*a.drain_s * us_per_s))
                                    : "-",
        to_word(a.verdict)};
}

std::string standing_text(const GroupFacts& group) {
    if (group.error)
        return "not described: " + group.error->what;
    if (!group.members_visible())
        return "members not visible to this client";
    return std::string(kafka::to_word(group.state)) + ", " + std::to_string(group.members) +
           (group.members == 1 ? " member" : " members");
}

/// Below the table: each verdict that is no OK, and what can be done.
std::string advice_of(const GroupBacklog& group, const PartitionBacklog& p,
                      const CommandTarget& target) {
    const Assessment& a = p.assessment;
    const GroupPlace place{group.group.id, p.facts.at.topic, p.facts.at.partition};
    std::string out = "  " + std::string(to_word(a.verdict)) + " " + p.facts.at.topic + "/" +
                      std::to_string(p.facts.at.partition.value()) + ": " + a.reason +
                      (p.hot.empty() ? "" : "; " + p.hot) + "\n";
    if (has_next(p) && is_bad(a.verdict))
        out += "    read it:  " +
               weir_command(target,
                            {p.facts.at.topic, p.facts.at.partition, Offset(p.facts.next.offset)}) +
               "\n";
    if (has_next(p) && a.verdict == Verdict::Stalled)
        out += "    skip it:  " + skip_record_command(target, place, p.facts.next.offset) +
               "\n              (Weir does not run this; stop the group first)\n";
    if (a.verdict == Verdict::Lost && p.facts.begin >= 0)
        out += "    go on at what is left:  " + move_group_command(target, place, p.facts.begin) +
               "\n              (Weir does not run this; stop the group first)\n";
    return out;
}

} // namespace

std::string lag_json(const BacklogSnapshot& snapshot, const TopicFilter& wanted, bool one_line) {
    const char* const line_break = one_line ? "" : "\n";
    std::string out = "{\"groups\":[";
    bool first = true;
    for (const auto& group : snapshot.groups)
        for (const PartitionBacklog& p : group->partitions) {
            if (!asked_for(wanted, p))
                continue;
            out += first ? line_break : std::string(",") + line_break;
            first = false;
            append_row(*group, p, out);
        }
    return out + "]}\n";
}

std::string lag_text(const BacklogSnapshot& snapshot, const TopicFilter& wanted,
                     const CommandTarget& target) {
    std::string out;
    for (const GroupBacklog* group : worst_first(snapshot, wanted)) {
        out += (out.empty() ? "" : "\n") + terminal_safe(group->group.id, true) + "  " +
               to_word(group->verdict) + "  (" + terminal_safe(standing_text(group->group), true) +
               ")\n";
        if (group->partitions.empty()) {
            out += "  " + terminal_safe(group->reason, true) + "\n";
            continue;
        }
        std::vector<Cells> rows{{"partition", "committed", "end", "lag", "behind", "in/s", "out/s",
                                 "drained in", "verdict"}};
        std::string advice;
        for (const PartitionBacklog& p : group->partitions) {
            if (!asked_for(wanted, p))
                continue;
            rows.push_back(cells_of(p));
            if (p.assessment.verdict != Verdict::Ok || !p.hot.empty())
                advice += advice_of(*group, p, target);
        }
        out += aligned(rows, 1, "  ") + terminal_safe(advice, false);
    }
    return out;
}

Verdict worst_verdict(const BacklogSnapshot& snapshot, const TopicFilter& wanted) {
    Verdict worst = Verdict::Ok;
    for (const auto& group : snapshot.groups)
        for (const PartitionBacklog& p : group->partitions)
            if (asked_for(wanted, p))
                worst = std::max(worst, p.assessment.verdict);
    return worst;
}

} // namespace weir::cli
