// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/contract_judge.h"

#include "models/contract/self_describing.h"
#include "models/event/disclosure/field_finder.h"

namespace weir::sandbox {

namespace {

/// -1 for a version that no contract can have; nothing if none is named.
std::optional<std::int64_t> version_of(const EventFacts& facts) {
    return facts.dialect == Dialect::Snowplow ? iglu_model(facts.version)
                                              : weir::version_of(facts.version);
}

/// Where an event that is not native names its version.
std::string version_pointer(const EventFacts& facts) {
    if (facts.dialect == Dialect::Segment)
        return "/context/protocols/event_version";
    return std::string(facts.within.substr(0, facts.within.rfind('/'))) + "/schema";
}

} // namespace

ContractJudge::ContractJudge(std::shared_ptr<const ContractShelf> shelf, WithoutContract policy)
    : m_shelf(std::move(shelf))
    , m_policy(policy)
    , m_checker(m_shelf->get(), {.unknown_types = UnknownTypes::Pass}) {}

void ContractJudge::begin(Micros now) {
    m_now = now;
    if (auto contracts = m_shelf->get(); contracts != m_checker.contracts())
        m_checker.set_contracts(std::move(contracts));
}

const Contract* ContractJudge::known(const EventFacts& facts) const {
    const ContractSet& contracts = *m_checker.contracts();
    return facts.dialect == Dialect::Native ? contracts.latest(facts.type)
                                            : contracts.latest_foreign(facts.vendor, facts.type);
}

void ContractJudge::add(const EventFacts& facts, const Violation& violation,
                        Verdict& verdict) const {
    Violation& added = verdict.violations.emplace_back(violation);
    if (facts.dialect != Dialect::Native && is_about_version(added.reason)) {
        added.pointer = version_pointer(facts);
        added.found = found_text(facts.version);
    } else {
        added.pointer.insert(0, facts.within);
    }
    if (added.effect == Effect::Strip && !facts.within.empty())
        added.effect = Effect::Flag; // a text within the event's is not written anew
}

void ContractJudge::judge(const EventFacts& facts, const JsonTape& tape, Verdict& verdict) {
    const Contract* const contract = known(facts);
    if (contract == nullptr)
        return PolicyJudge::apply(m_policy, facts, verdict);
    const Judgement& judgement = m_checker.check(tape, contract->type, version_of(facts), m_now);
    if (facts.within.empty())
        verdict.contract = judgement.contract;
    if (judgement.fine())
        return;
    if (facts.within.empty())
        verdict.strip = judgement.strip;
    for (const Violation& violation : judgement.violations)
        add(facts, violation, verdict);
    verdict.add(judgement.blocked() ? Verdict::Outcome::Refused : Verdict::Outcome::Flagged);
}

} // namespace weir::sandbox
