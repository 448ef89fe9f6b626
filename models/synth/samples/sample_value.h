// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JSON value that is being made up, with the sub-schemas that it has to meet: what is to be
// spoilt later is looked up there. Numbers are their digits. Thread contract: plain values. Bound:
// SchemaSampler's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/contract/schema/program.h"
#include "models/event/json/json_tape.h"

namespace weir::synth {

struct SampleMember;

struct SampleValue {
    JsonKind kind = JsonKind::Null;
    std::string text;  // of a string: its characters; of a number: its digits
    std::string whole; // not empty: the value as JSON, taken from a schema's enum as it stands
    std::vector<SampleMember> members;
    std::vector<SampleValue> items;
    std::vector<schema::SchemaId> demands;

    static SampleValue of(JsonKind kind);
    static SampleValue string(std::string text);
    static SampleValue number(std::string digits);
    static SampleValue raw(JsonKind kind, std::string json);

    SampleValue* member(std::string_view name);
    /// The value at an RFC 6901 pointer; null: there is none.
    SampleValue* at(std::string_view pointer);
    void append(std::string& out) const;
};

struct SampleMember {
    std::string name;
    SampleValue value;
};

} // namespace weir::synth
