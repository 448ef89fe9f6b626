// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter language: one language for every table, search, replay selection, rule and alert. Text
// is parsed once into an immutable Filter, which is total and without side effects.
//
//   word  "quoted text"                 searches key, value and headers, ignoring case
//   type == "purchase" and properties.price > 100 and not header["x-app"] contains "beta"
//   == != < <= > >= in (…) contains startsWith endsWith matches exists     and or not ( )
//   i"…" is a text whose case does not matter: type == i"purchase"
//
// Thread contract: a Filter is immutable and shared; a FilterEvaluator belongs to one thread.
// Bound: Limits on length, depth and terms. Cost: one pass over the payload at most.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/base/result.h"
#include "models/event/field_paths.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/record_envelope.h"
#include "models/event/filter/violation_finder.h"
#include "models/event/filter/whole_sighting.h"
#include "models/event/json/json_tape.h"
#include "models/event/sighting.h"

namespace weir {

/// What one event offers to a filter; views are valid for the call.
struct FilterInput {
    std::string_view topic;
    PartitionId partition;
    Offset offset;
    Micros record_time{-1};
    bool key_null = true;
    bool value_null = false;
    std::string_view key;
    std::string_view value; // the event's own bytes
    const HeaderView* headers = nullptr;
    std::size_t header_count = 0;
    std::uint32_t record_size = 0; // key + value + headers of the record, bytes
    std::uint32_t event_size = 0;  // the event's own bytes, as they were read
    /// Decoded, or null: id, dimensions, reason and times come from it.
    const Sighting* sighting = nullptr;
    /// Asked for what `sighting` lacks; null: it lacks nothing.
    WholeSighting* restore = nullptr;
    /// The place's mapping of names such as `id`, `user`, `session` to JSON paths; may be null. An
    /// evaluator remembers what it made of each by its address. REQUIRES: it outlives the
    /// evaluators it was given to (a DialectSet's mappings live as long as the set).
    const FieldPaths* paths = nullptr;
    bool raw_bytes_are_json = true; // false for other codecs: no shortcut on raw bytes
    /// If set it is asked instead, of `value`, once a term looks into the payload: most rows of a
    /// store are decided without touching theirs.
    bool (*judge_json)(std::string_view value) = nullptr;
    /// The tape of `value` where somebody has it; null: it is parsed once a term looks into it.
    const JsonTape* tape = nullptr;
    /// Tells what is wrong with the event once a term asks for that; null: nobody knows.
    ViolationFinder* violations = nullptr;
    /// What stands around the record's events, once a term looks there; null: nothing does.
    EnvelopeText* envelope = nullptr;
    /// The event's own bytes as they were read, for `violations`: of `value` parts may be masked.
    std::string_view as_read;

    bool plain_json() const { return judge_json ? judge_json(value) : raw_bytes_are_json; }
};

/// What a filter allows the reading engine to leave out. Everything not excluded must be read.
/// Lists are sorted. `keys` is about records that have a key.
struct FilterScope {
    std::optional<std::vector<std::string>> topics; // only these
    std::optional<std::vector<PartitionId>> partitions;
    std::optional<std::vector<std::string>> keys; // exact record keys, each a necessary match
    std::optional<Offset> offset_from, offset_to; // to is exclusive
    std::optional<Micros> time_from, time_to;     // record time; to is exclusive
    bool nothing = false;                         // contradictory: nothing can match
};

/// What a term asks of an event's own values.
struct FilterSubject {
    FilterFieldKind kind = FilterFieldKind::Path; // or Named, Id, Key, Header
    std::string name;                             // that a dialect maps to paths, or of the header
    JsonPath path;                                // of a Path
    std::string text;                             // as a filter writes it
    bool by_value = true;                         // false: only whether it exists
    bool anywhere = false; // a text: looked for in key, value and headers; nothing else holds
};

/// Something in a filter that is no mistake but may not mean what was meant.
struct FilterHint {
    std::uint32_t begin = 0; // byte column
    std::uint32_t size = 0;
    std::string text;
};

class Filter {
  public:
    virtual ~Filter() = default;
    /// `now` resolves now-15m. Errors: Usage with `column` (0-based byte) and advice.
    static Result<std::shared_ptr<const Filter>> parse(std::string_view text, Micros now);

    virtual const std::string& text() const = 0;
    /// The same filter in the one way Weir writes it; parses to itself. Times such as now-15m stay
    /// relative.
    virtual const std::string& canonical_text() const = 0;
    virtual const std::vector<FilterHint>& hints() const = 0;
    virtual bool matches_everything() const = 0;
    /// A term is about violations: somebody must be there to find them.
    virtual bool asks_for_violations() const = 0;
    /// A term looks for a text in all of a record: also around its events (FilterInput::envelope).
    virtual bool looks_around_events() const = 0;
    /// The texts that violations are held against with == != or in, where they stand.
    virtual std::vector<FilterHint> violations_named() const = 0;
    /// What of events themselves terms ask for.
    virtual std::vector<FilterSubject> subjects() const = 0;
    virtual const FilterScope& scope() const = 0;

    /// False: no record of that partition can match. Sharper than scope(): it follows `not`,
    /// startsWith and matches on topics.
    virtual bool may_match_in(std::string_view topic, PartitionId partition) const = 0;

    /// A literal that the raw bytes of every matching record must hold somewhere in key, value or a
    /// header if the value holds no backslash and is plain JSON; empty: no such shortcut.
    /// `fold_case`: compare ignoring ASCII case.
    /// `of_event`: what matches may be of the event in a dead letter, whose bytes are other ones if
    /// may_wrap_event() (wrapped_event.h) says so of the value.
    struct Literal {
        std::string bytes;
        bool fold_case = false;
        bool of_event = false;
    };
    virtual const Literal& required_literal() const = 0;
};

/// Text of a filter for what matches both: with brackets where a text needs them, which may have a
/// mistake in it. Either may be empty.
std::string both_filters(const std::string& first, const std::string& second);

class FilterEvaluator {
  public:
    virtual ~FilterEvaluator() = default;
    static std::unique_ptr<FilterEvaluator> create(std::shared_ptr<const Filter> filter,
                                                   std::shared_ptr<const Vocabulary> vocabulary);
    /// True: the event matches. Uses the shortcut where it is safe, the tape otherwise.
    virtual bool matches(const FilterInput& input) = 0;
    /// The same without any shortcut: the oracle of the property tests.
    virtual bool matches_slowly(const FilterInput& input) = 0;
};

/// A piece of a filter's text for colouring and completion; covers what is not white space.
struct FilterToken {
    enum class Kind { Field, Operator, Keyword, String, Number, Time, Word, Bracket, Mistake };
    Kind kind;
    std::uint32_t begin;
    std::uint32_t size;
};
std::vector<FilterToken> filter_tokens(std::string_view text);

} // namespace weir
