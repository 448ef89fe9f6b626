// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events held against their contracts: the contract of their type and version is found, its schema
// run, its rules asked; each violation carries what is to be done about it.
//
// Thread contract: one owner. Bound: payload_bytes_max, SchemaValidator's. An event that is fine
// costs no allocation but for its rules.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/base/types.h"
#include "models/contract/contract_set.h"
#include "models/workspace/unknown_types.h"

namespace weir {

struct CheckOptions {
    UnknownTypes unknown_types = UnknownTypes::Refuse;
    std::size_t payload_bytes_max = 1U << 20;
    std::string type_pointer = "/event_type"; // where the event says what it is
    std::string version_pointer = "/schema_version";
};

struct Judgement {
    const Contract* contract = nullptr; // that it was held against; null: there is none
    bool version_assumed = false;       // the event names none: the newest was taken
    /// So many of each reason (SchemaValidator::violations_max); what is blocked is always among
    /// them.
    std::vector<Violation> violations;
    /// Keys of all members that the event is accepted without, also those that one of them
    /// overrides; ascending nodes of the tape that was judged.
    std::vector<std::uint32_t> strip;

    bool fine() const { return violations.empty(); }
    /// Whether the event is refused.
    bool blocked() const;
};

class ContractChecker {
  public:
    ContractChecker(std::shared_ptr<const ContractSet> contracts, CheckOptions options);
    ~ContractChecker();

    /// The judgement is valid until the next call. `now` decides what is deprecated or removed.
    const Judgement& check(std::string_view payload, Micros now);
    /// The same where type and version are known from elsewhere (a dialect, a URL).
    const Judgement& check(std::string_view payload, std::string_view type,
                           std::optional<std::int64_t> version, Micros now);
    /// The same for a payload that has been parsed already. REQUIRES: the tape's last parse()
    /// returned true.
    const Judgement& check(const JsonTape& tape, std::string_view type,
                           std::optional<std::int64_t> version, Micros now);

    const std::shared_ptr<const ContractSet>& contracts() const { return m_contracts; }
    /// From the next call on, both.
    void set_unknown_types(UnknownTypes unknown_types) { m_options.unknown_types = unknown_types; }
    void set_contracts(std::shared_ptr<const ContractSet> contracts);
    /// Of the last payload that was parsed here; only valid if it was JSON.
    const JsonTape& tape() const { return m_tape; }

  private:
    struct Rules;
    void begin(const JsonTape& tape);
    bool parse(std::string_view payload);
    void judge(std::string_view type, std::optional<std::int64_t> version, Micros now);
    void add(ViolationReason reason, Effect effect, std::string pointer, std::string expected,
             std::string found);
    void judge_dates(const Contract& contract, Micros now);
    void judge_rules(const Contract& contract, Micros now);
    void judge_duplicates(const Contract& contract);

    std::shared_ptr<const ContractSet> m_contracts;
    CheckOptions m_options;
    schema::SchemaValidator m_validator;
    schema::Findings m_findings;
    JsonTape m_tape;
    const JsonTape* m_judged = nullptr; // during a call: m_tape, or the caller's
    Judgement m_judgement;
    std::string m_scratch;
    std::unique_ptr<Rules> m_rules;
};

/// The payload without the members of these keys, all else byte for byte. `keys` are ascending
/// nodes of kind Key. REQUIRES: the tape's last parse() returned true; so below.
std::string without_keys(const JsonTape& tape, const std::vector<std::uint32_t>& keys);
/// The same for the members at these pointers: all of that name.
std::string without_members(const JsonTape& tape, const std::vector<std::string>& pointers);

/// What `unique_by` says of an event: equal keys are one event. Nullopt: a part is missing or null.
std::optional<std::string> business_key(const Contract& contract, const JsonTape& tape);

} // namespace weir
