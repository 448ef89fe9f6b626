// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events of a contract: valid ones (all members, only the required ones), boundary ones (a value at
// each bound that its schema states) and invalid ones (one for each keyword at each place, which
// violate that and nothing else but rules across fields that look at the same value). Each was held
// against the compiled contract before it is handed out; what could not be made is told.
//
// What says which contract judges an event (its type and version) is left alone.
//
// Thread contract: one owner. Bound: samples_max a contract; SchemaSampler's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/contract/contract_checker.h"
#include "models/contract/contract_set.h"
#include "models/synth/random.h"
#include "models/synth/samples/sample_value.h"

namespace weir::synth {

struct ContractSample {
    enum class Kind : std::uint8_t { Valid, Boundary, Invalid };
    Kind kind = Kind::Valid;
    std::string payload;
    std::string id;      // its event id, or what that should be; "" where the contract has none
    std::string session; // what a record of it is keyed by; may be empty
    std::string pointer; // Boundary, Invalid: which value; "" is the event itself
    std::string keyword; // the same: "minimum"
    ViolationReason reason = ViolationReason::NotJson; // Invalid
    bool refused = false;                              // Invalid: by the contract's effects
};
std::string_view to_word(ContractSample::Kind kind);

struct ContractSamples {
    std::vector<ContractSample> samples;
    /// "maxLength at /properties/name: …": keywords that no sample violates.
    std::vector<std::string> not_made;
};

class ContractSampler {
  public:
    static constexpr std::size_t samples_max = 5'000;

    /// From a seed the same ids. REQUIRES: contracts is not null.
    ContractSampler(std::shared_ptr<const ContractSet> contracts, std::uint64_t seed);
    /// Of one of the set's contracts. `now` decides what is deprecated or removed.
    ContractSamples samples_of(const Contract& contract, Micros now);

  private:
    struct Work;
    const std::vector<Violation>& judge(const Work& work, const std::string& payload);
    bool repair(Work& work, SampleValue& root);
    void make_new(Work& work, SampleValue& root, ContractSample& sample);
    bool emit(Work& work, SampleValue& root, ContractSample sample);
    void walk(Work& work, SampleValue& root, SampleValue& value, const std::string& pointer);
    void spoil(Work& work, SampleValue& root, SampleValue& value, const std::string& pointer);

    ContractChecker m_checker;
    std::vector<Violation> m_violations;
    Random m_random;
    std::int64_t m_number; // for what has to be unique; counts on
};

} // namespace weir::synth
