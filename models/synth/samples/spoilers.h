// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What may be put in a value's place so that it violates one keyword of a schema, or stands at the
// edge of one: candidates, to be held against the schema by whoever asks.
// Thread contract: pure functions. Bound: some dozens a value.
#pragma once

#include <string>
#include <vector>

#include "models/contract/schema/program.h"
#include "models/contract/violation.h"
#include "models/synth/samples/sample_value.h"

namespace weir::synth {

/// Candidates that ought to violate one keyword.
struct Spoiler {
    std::string keyword;
    ViolationReason reason;
    std::string member; // whose absence or presence is the violation; "" the value itself
    std::vector<SampleValue> candidates;
    bool of_alternative = false; // the keyword stands in an alternative: another one may do
};

/// For each keyword of what the value has to meet.
std::vector<Spoiler> spoilers_of(const schema::Program& program, const SampleValue& value);
/// Values at the edges: candidates of each keyword that states one.
std::vector<Spoiler> edges_of(const schema::Program& program, const SampleValue& value);

} // namespace weir::synth
