// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/judge.h"

namespace weir::sandbox {

std::string_view to_word(Dialect dialect) {
    switch (dialect) {
    case Dialect::Segment:
        return "segment";
    case Dialect::Snowplow:
        return "snowplow";
    default:
        return "native";
    }
}

bool from_word(std::string_view word, WithoutContract& policy) {
    if (word == "pass")
        policy = WithoutContract::Pass;
    else if (word == "flag")
        policy = WithoutContract::Flag;
    else if (word == "refuse")
        policy = WithoutContract::Refuse;
    else
        return false;
    return true;
}

void PolicyJudge::judge(const EventFacts& facts, const JsonTape&, Verdict& verdict) {
    apply(m_policy, facts, verdict);
}

void PolicyJudge::apply(WithoutContract policy, const EventFacts& facts, Verdict& verdict) {
    if (policy == WithoutContract::Pass || facts.entity)
        return;
    const bool refuse = policy == WithoutContract::Refuse;
    Violation violation;
    violation.reason = ViolationReason::UnknownType;
    violation.effect = refuse ? Effect::Block : Effect::Flag;
    if (facts.dialect == Dialect::Native)
        violation.pointer = "/event_type";
    violation.expected = "a type that a contract knows";
    violation.found = found_text(facts.type);
    violation.remedy = "Add a contract for it, or correct the type.";
    verdict.violations.push_back(std::move(violation));
    verdict.add(refuse ? Verdict::Outcome::Refused : Verdict::Outcome::Flagged);
}

} // namespace weir::sandbox
