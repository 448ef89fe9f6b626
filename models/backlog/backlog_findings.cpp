// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_findings.h"

#include <algorithm>

#include "models/event/grouped.h"

namespace weir {
namespace {

std::string code_of(Verdict verdict) {
    std::string word = to_word(verdict);
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return "group_" + word;
}

std::string step_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::Stopped:
        return "Start its consumers.";
    case Verdict::Stalled:
        return "Look at the record that it does not get past, and at its consumers.";
    case Verdict::Lost:
        return "What was deleted unread can be had again only from where it came from.";
    case Verdict::Blocked:
        return "End the open transaction: its producer has died or forgotten it.";
    case Verdict::Rebalancing:
        return "See why its members keep coming and going.";
    default:
        return "Add consumers, or find out what takes them so long.";
    }
}

std::string stage_of(const std::vector<StageSpec>& stages, const std::string& group) {
    const auto found = std::find_if(stages.begin(), stages.end(), [&](const StageSpec& stage) {
        return stage.consumer_group == group;
    });
    return found == stages.end() ? std::string() : found->name;
}

} // namespace

std::vector<Finding> backlog_findings(const BacklogSnapshot& snapshot,
                                      const std::vector<StageSpec>& stages,
                                      const std::string& connection) {
    std::vector<Finding> findings;
    for (const auto& group : snapshot.groups) {
        if (!is_bad(group->verdict))
            continue;
        Finding finding;
        finding.code = code_of(group->verdict);
        finding.scope.connection = connection;
        finding.scope.group = group->group.id;
        finding.scope.stage = stage_of(stages, group->group.id);
        finding.fate = group->verdict == Verdict::Lost ? Fate::Lost : Fate::Late;
        finding.holds_up = true;
        finding.sentence =
            group->group.id + " is " + to_word(group->verdict) + ": " + group->reason;
        if (group->lag_us) {
            finding.since = Micros(group->at.value() - *group->lag_us);
            finding.evidence.push_back("The oldest record that it has not read is " +
                                       span_text(*group->lag_us) + " old (" +
                                       to_word(group->lag_method) + ")");
        }
        if (group->lag_messages > 0)
            finding.events.count = group->lag_messages;
        finding.evidence.push_back(grouped(group->lag_messages) + " records are not read yet");
        finding.next_step = step_of(group->verdict);
        finding.command = {"lag", "--group", group->group.id};
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace weir
