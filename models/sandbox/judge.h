// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who says whether an event meets its contract. The collector asks; what answers is a set of
// contracts, or a mere policy where there are none.
//
// Thread contract: a Judge works for one thread at a time; its maker from any thread. Bound: the
// contracts' own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/types.h"
#include "models/contract/contract.h"
#include "models/event/json/json_tape.h"

namespace weir::sandbox {

enum class Dialect : std::uint8_t { Native, Segment, Snowplow };
std::string_view to_word(Dialect dialect);

/// What is judged: an event of a request, or what a self-describing one says in it. Views, valid
/// during the call.
struct EventFacts {
    Dialect dialect = Dialect::Native;
    std::string_view type;
    std::string_view version; // empty: it names none
    std::string_view vendor;  // whose name the type is ("com.acme"); empty: nobody's
    /// Pointer in the event as it came of what the tape holds: "/ue_pr/data/data" is data within
    /// the text of a member. Empty: the tape holds the event itself.
    std::string_view within;
    bool entity = false; // said along with the event: without a contract it is not judged
};

struct Verdict {
    enum class Outcome : std::uint8_t { Good, Flagged, Refused };
    Outcome outcome = Outcome::Good;
    /// All there are; of a flagged event those that were let pass.
    std::vector<Violation> violations;
    /// Keys of the members that are left out of what is passed on; ascending nodes of the event's
    /// tape.
    std::vector<std::uint32_t> strip;
    /// Whose defaults stand for what the event leaves out; null: nobody's. Until the next begin().
    const Contract* contract = nullptr;

    /// The worse one counts.
    void add(Outcome other) { outcome = std::max(outcome, other); }
};

class Judge {
  public:
    virtual ~Judge() = default;
    /// Before the events of a request: contracts may have changed, and days pass.
    virtual void begin(Micros now) { (void)now; }
    /// Adds to the verdict. `tape` holds an object.
    virtual void judge(const EventFacts& facts, const JsonTape& tape, Verdict& verdict) = 0;
};

using JudgeMaker = std::function<std::unique_ptr<Judge>()>;

/// What becomes of an event whose type no contract knows.
enum class WithoutContract : std::uint8_t { Pass, Flag, Refuse };
bool from_word(std::string_view word, WithoutContract& policy);

/// No contracts at all: one policy for every event.
class PolicyJudge final : public Judge {
  public:
    explicit PolicyJudge(WithoutContract policy)
        : m_policy(policy) {}
    void judge(const EventFacts& facts, const JsonTape& tape, Verdict& verdict) override;

    /// The same for one event, for judges that found no contract.
    static void apply(WithoutContract policy, const EventFacts& facts, Verdict& verdict);

  private:
    const WithoutContract m_policy;
};

} // namespace weir::sandbox
