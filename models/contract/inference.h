// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drafts contracts from events as they come: for every type and version which fields there are, how
// often, of which types, with which values and ranges, which may be personal; and where a platform
// or app version differs from the rest. A draft is for people to read and to put right.
//
// A draft quotes nobody: of fields that may be personal (by their names, by those around them, by
// the shape of one value) neither values nor ranges are told; of values that were masked already
// only their types and why they were, members whose names are somebody's are drafted as
// additionalProperties.
//
// Thread contract: one owner. Bound: Limits; what is beyond is counted as left out.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/json/json_tape.h"

namespace weir {

struct InferOptions {
    std::string type_pointer = "/event_type";
    std::string version_pointer = "/schema_version";
    /// What tells senders apart.
    std::vector<std::string> group_pointers{"/platform", "/context/app_version"};
    double share_min = 0.01; // a type of value rarer than this is a fault, not a type
    std::size_t enum_values_max = 12;
};

/// Kinds of values that are told apart.
enum class ValueKind : std::uint8_t { Object, Array, String, Integer, Fraction, Boolean, Null };
inline constexpr std::size_t value_kind_count = 7;
std::string_view to_word(ValueKind kind);

/// What was seen at one place of one type and version, or of one group of senders of these.
struct FieldFacts {
    std::array<std::uint64_t, value_kind_count> kinds{};
    std::uint64_t present() const;
    std::uint64_t of(ValueKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

/// What of an event was masked before it came here.
struct HiddenParts {
    std::span<const MaskedSpan> spans; // in their order
    std::uint32_t event_begin = 0;     // in the value that they are of
    bool more = false;                 // behind the last one, too

    /// Why the tape's bytes [begin, begin + size) are masked at least in part; "": it is not known;
    /// nullopt: they are not.
    std::optional<std::string_view> reason_at(std::uint32_t begin, std::uint32_t size) const;
};

struct InferredField {
    std::string pointer; // `*` is any element, `{*}` any member whose name is somebody's
    FieldFacts facts;
    std::uint64_t parents = 0;                // objects in which it could have stood
    std::string least, most;                  // of numbers, as they were written
    std::vector<std::string> values;          // JSON; empty: too many
    std::string format;                       // all strings have it; "" is none
    std::string pii;                          // by its name or its values; a guess
    bool hidden = false;                      // values came masked
    std::map<std::string, FieldFacts> groups; // "android 4.7.1" → …
};

struct InferredDifference {
    std::string pointer;
    std::string group;
    std::string what; // "a string in 37 % of 1,204, elsewhere a number"
};

struct InferredType {
    std::string type;
    std::int64_t version = 0;
    std::uint64_t events = 0;
    std::map<std::string, std::uint64_t> groups; // events of each
    std::vector<InferredField> fields;           // parents before their members
    std::vector<InferredDifference> differences;
    std::string contract; // the draft: JSON
};

class Inference {
  public:
    struct Limits {
        std::size_t types = 500;
        std::size_t fields = 1'000; // of a type
        std::size_t groups = 100;   // of a type
        std::size_t values = 64;    // of a field
    };
    explicit Inference(InferOptions options = {});
    ~Inference();

    /// REQUIRES: the tape's last parse() returned true.
    void absorb(const JsonTape& event, const HiddenParts& hidden = {});
    std::uint64_t events() const { return m_events; }
    /// Events without a type that can be read, and what was beyond the limits.
    std::uint64_t left_out() const { return m_left_out; }
    std::vector<InferredType> result() const;

  private:
    struct Type;
    struct Absorbed; // the event that is being absorbed
    void absorb_value(const Absorbed& event, std::uint32_t node, std::string& pointer, int depth);
    std::string group_of(const JsonTape& event, const HiddenParts& hidden) const;
    InferOptions m_options;
    std::map<std::pair<std::string, std::int64_t>, std::unique_ptr<Type>> m_types;
    std::uint64_t m_events = 0;
    std::uint64_t m_left_out = 0;
};

/// The draft of a contract for what was seen.
std::string draft_contract(const InferredType& type, const InferOptions& options);

} // namespace weir
