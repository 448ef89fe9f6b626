// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The collector's judge where there are contracts. A contract that describes the member
// `event_type` is one of native events and judges no others; any other contract judges the events
// of its type whatever dialect they come in: Segment's calls by their event's name (and the version
// that Protocols gives them), Snowplow's self-describing events and entities by "VENDOR/NAME" or
// NAME and the model of their schema's version (1 of "1-0-2"), and what they say, not what they are
// wrapped in.
//
// Thread contract: ContractShelf from any thread; a judge as Judge. Bound: the contracts' own.
#pragma once

#include "models/contract/contract_checker.h"
#include "models/event/fold/fold.h"
#include "models/sandbox/judge.h"

namespace weir::sandbox {

/// The contracts in force, exchanged as a whole when their files change.
using ContractShelf = Published<ContractSet>;

class ContractJudge final : public Judge {
  public:
    ContractJudge(std::shared_ptr<const ContractShelf> shelf, WithoutContract policy);
    void begin(Micros now) override;
    void judge(const EventFacts& facts, const JsonTape& tape, Verdict& verdict) override;

  private:
    const Contract* known(const EventFacts& facts) const;
    void add(const EventFacts& facts, const Violation& violation, Verdict& verdict) const;

    const std::shared_ptr<const ContractShelf> m_shelf;
    const WithoutContract m_policy;
    ContractChecker m_checker;
    Micros m_now;
};

} // namespace weir::sandbox
