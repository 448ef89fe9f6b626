// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events as a decoder has read them, of any dialect, held against their contracts; what passed the
// pipeline and violates a contract is found here.
//
// The dialect says which type an event is of; the contract is applied to the event's own body, as
// its vendor writes it. A contract of native events (it describes /event_type) is applied to these
// alone; any other to the events of its type in whatever dialect, in its newest version: a vendor's
// version numbers are its own. What no dialect reads is judged as a native event that lacks its
// type. Of Snowplow's tracker events what describes itself in them is judged, the event's data and
// the entities with it, as the collector does: by "VENDOR/NAME" and the model of the version.
//
// Not judged: tombstones; dead letters whose event lies within an envelope (their reasons are in
// the record, see dead_letter_violations()); rows of columns; places that the workspace excepts.
//
// Thread contract: one owner. Bound: ContractChecker's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/contract_checker.h"
#include "models/contract/self_describing.h"
#include "models/event/decode/decoder.h"
#include "models/event/sighting.h"
#include "models/workspace/workspace.h"

namespace weir {

class EventChecker {
  public:
    EventChecker(std::shared_ptr<const ContractSet> contracts, ContractsSpec spec,
                 std::shared_ptr<const Vocabulary> vocabulary,
                 std::shared_ptr<const DialectSet> dialects,
                 std::size_t payload_bytes_max = CheckOptions().payload_bytes_max);
    ~EventChecker();

    /// Null: it is not judged. Valid until the next call. `body` is the event's own bytes.
    const Judgement* check(const Sighting& sighting, std::string_view body, Micros now);

    const ContractSet& contracts() const { return *m_checker.contracts(); }

  private:
    struct Dialect {
        bool known = false;
        bool native = true;
        bool judged = true;
        bool describes_itself = false;
    };
    struct Place {
        bool known = false;
        bool checked = false;
        UnknownTypes unknown_types = UnknownTypes::Refuse;
    };
    const Dialect& dialect_of(ValueId id);
    const Place& place_of(PlaceId id);
    const Judgement* check_foreign(const std::string& type, std::string_view body,
                                   const Place& place, Micros now);
    const Judgement* check_described(const std::string& type, std::string_view body,
                                     const Place& place, Micros now);
    bool add_described(std::uint32_t node, bool entity, const Place& place, Micros now);
    void add_unknown(const std::string& type, const Place& place);

    const ContractsSpec m_spec;
    const std::shared_ptr<const Vocabulary> m_vocabulary;
    const std::shared_ptr<const DialectSet> m_dialects;
    ContractChecker m_checker;
    Judgement m_sum; // of an event that no contract judges, or several do
    JsonTape m_parameters, m_inner;
    SelfDescribing m_said;
    std::vector<Dialect> m_known_dialects;
    std::vector<Place> m_places;
};

/// One for each thread that asks; never empty, its answer may be null.
using EventCheckers = std::function<std::unique_ptr<EventChecker>()>;

/// What a dead letter says is wrong with its event: its list of violations, or else its reason and
/// pointer, from the record as it may be shown. Empty: it says nothing of the kind.
std::vector<Violation> dead_letter_violations(std::string_view value,
                                              std::span<const HeaderView> headers);

} // namespace weir
