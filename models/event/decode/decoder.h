// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records in, sightings out. A decoder knows the dialects (resources/dialects/*.json) that a place
// may speak: one named by the workspace, or all, recognised by their shape. A record that holds a
// batch of events yields them all; one that no dialect can read is a sighting too, with its
// coordinates as key. The hot path is one strict pass that notes mapped fields and copies
// nothing: what is not JSON is never taken for an event.
//
// Thread contract: a Decoder belongs to one thread; DialectSet and Vocabulary are shared.
// Bound: max_events_per_record (SightingBatch::cut tells what is past it), max_payload_bytes
// (larger ones are undecodable).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "models/event/field_paths.h"
#include "models/event/sighting.h"

namespace weir {

/// The dialects there are, immutable once loaded.
class DialectSet {
  public:
    virtual ~DialectSet() = default;
    /// The dialects built into the program (from resources/dialects).
    static std::shared_ptr<const DialectSet> built_in();
    /// The built-in ones and those of a folder; an error names file and JSON pointer.
    static Result<std::shared_ptr<const DialectSet>> load(const std::string& folder);
    virtual std::vector<std::string> names() const = 0;
    /// Where any of them keeps a field, e.g. "user".
    virtual std::vector<std::string> paths(std::string_view field) const = 0;
    /// Whether a workspace may name it: "" and "auto", a dialect, or a family ("snowplow" stands
    /// for all that begin with "snowplow-").
    virtual bool knows(std::string_view name) const = 0;
};

/// A sighting's ordinal has 16 bits.
inline constexpr std::uint32_t events_per_record_max = 65'535;
/// No record with more events is smaller: each takes two bytes and a comma.
inline constexpr std::size_t cut_record_bytes_min = 3 * std::size_t{events_per_record_max};

/// How the records of one place are to be read, where it differs from the rest.
struct PlaceDecoding {
    std::string place;                 // the topic
    std::string dialect;               // "" or "auto": recognised; see DialectSet::knows()
    std::vector<std::string> id_paths; // where the id is, over the dialect's own mapping
    bool dead_letters = false;         // the place holds failed events
};

struct DecodeOptions {
    std::string connection; // of the records' places
    std::string dialect;    // "" or "auto": recognised
    /// Dimension name → paths ("context.app_version") tried in order, over the dialect's own
    /// mapping.
    std::vector<std::pair<std::string, std::vector<std::string>>> dimension_paths;
    std::vector<PlaceDecoding> places;
    std::uint32_t max_events_per_record = events_per_record_max; // at most that
    std::uint32_t max_payload_bytes = 64u << 20;
};

/// What the detail pane and `--json` say of one record: who read it, who tried.
struct DecodeReport {
    struct Attempt {
        std::string decoder; // "native", "snowplow-enriched", "json", "text", "hex"
        std::string why_not; // empty: it succeeded
    };
    std::vector<Attempt> attempts; // in the order tried; the last one succeeded
    std::string decoder() const {
        return attempts.empty() ? std::string() : attempts.back().decoder;
    }
};

class Decoder {
  public:
    virtual ~Decoder() = default;
    static std::unique_ptr<Decoder> create(std::shared_ptr<const DialectSet> dialects,
                                           std::shared_ptr<Vocabulary> vocabulary,
                                           DecodeOptions options);

    /// Fills `out` from `records`, which it takes. `out` is cleared first; its capacity is kept.
    virtual void decode(RecordBatch records, SightingBatch& out) = 0;

    /// The same for one record, slowly and with reasons.
    virtual DecodeReport explain(const RecordBatch& batch, const Record& record) = 0;

    /// Where events of a dialect have the fields that a filter may name at a place, by what
    /// DecodeOptions say of it; lives as long as the DialectSet. Null for a dialect without any
    /// (plain JSON, text).
    virtual const FieldPaths* field_paths(PlaceId place, ValueId dialect) = 0;
};

/// Makes one for whoever will own it; its answer may be null. Empty: there is none to make.
using DecoderFactory = std::function<std::unique_ptr<Decoder>()>;

} // namespace weir
