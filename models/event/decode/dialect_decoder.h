// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DialectDecoder: the Decoder there is. A record goes through three steps, one source file each:
// whose it is and how far its partition has come (dialect_decoder.cpp), which dialect reads its
// value (read_value.cpp), and what of an event becomes the sighting (fill_sighting.cpp).
// Thread contract: one thread. Bound: a plan, and where fields are, per place and dialect; a mark
// per partition.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/decode/dialect.h"
#include "models/event/decode/field_scan.h"
#include "models/event/decode/scan_plan.h"
#include "models/event/decode/timestamps.h"

namespace weir {

class DialectDecoder : public Decoder {
  public:
    DialectDecoder(std::shared_ptr<const LoadedDialects> dialects,
                   std::shared_ptr<Vocabulary> vocabulary, DecodeOptions options);

    void decode(RecordBatch records, SightingBatch& out) override;
    DecodeReport explain(const RecordBatch& batch, const Record& record) override;
    const FieldPaths* field_paths(PlaceId place, ValueId dialect) override;

  private:
    static constexpr int any_dialect = -1;

    /// How far a partition has been read.
    struct Mark {
        Offset next;
        Offset end{-1}; // everything below had been read when the end was reached
        Micros record_time{-1};
        Micros since{INT64_MAX};
        // The least time of the records at hand: one clock that is ahead must not move the mark.
        Micros run_least{INT64_MAX};
        std::uint32_t run = 0;
        std::uint32_t batch = 0; // the number of the batch that moved it last

        void take(const Record& record, Micros observed);
    };
    static constexpr std::uint32_t run_records = 8;
    struct Place {
        PlaceId id;
        std::string name;
        const PlaceDecoding* options = nullptr;
        std::vector<int> family;   // the workspace's choice; empty: recognised among all
        int lenient = any_dialect; // the family's own one, which takes what has but one field
        int last = any_dialect;    // what read the last record
        std::vector<std::unique_ptr<ScanPlan>> plans; // by dialect, made when first needed
        std::map<std::int32_t, Mark> marks;
        Mark* last_mark = nullptr;
        std::int32_t last_partition = -1;
    };
    /// Why a dialect cannot read a value.
    struct Refusal {
        const char* why = nullptr; // null: it can
        bool not_json = false;
        std::uint32_t offset = 0; // of what is not JSON
        std::uint32_t found = 0, needed = 0;
    };
    /// What decode() is at.
    struct Now {
        const RecordBatch* batch = nullptr;
        const Record* record = nullptr;
        Place* place = nullptr;
        const ScanPlan* plan = nullptr;
        Micros observed;
    };

    // dialect_decoder.cpp
    Place& place_of(std::string_view topic);
    const PlaceDecoding* options_of(std::string_view topic) const;
    const FieldPaths* find_field_paths(PlaceId place, ValueId dialect) const;
    const ScanPlan& plan_of(Place& place, int dialect);
    Sighting base_sighting(std::uint32_t index);
    void note(const PartitionEvent& event);
    void note_end(Mark& mark, const PartitionEvent& event) const;
    Mark& touch(Place& place, PartitionId partition);
    void put_watermarks(SightingBatch& out);

    // read_value.cpp
    void read_value(const Sighting& base, SightingBatch& out);
    Refusal attempt(int dialect, bool strict);
    Refusal attempt_json(bool strict);
    Refusal attempt_tsv(bool strict);
    Refusal attempt_any();
    Refusal check_shape(bool strict);
    bool split_lines(std::string_view rest);
    void read_headers(const ScanPlan& plan, std::vector<Capture>& captures) const;
    bool read_columns(std::string_view value, std::vector<Capture>& captures) const;
    void put_events(const Sighting& base, SightingBatch& out);
    void put_fallback(Sighting sighting, const Refusal& refusal, SightingBatch& out);
    void put_undecodable(Sighting sighting, ValueId dialect, std::string_view reason,
                         SightingBatch& out);

    // explain.cpp
    std::vector<int> candidates(const Place& place) const;

    // fill_sighting.cpp
    void fill_from_headers(Sighting& sighting);
    void fill_overlay(Sighting& sighting, const ScanPlan& plan);
    void fill_event(Sighting& sighting, const ScanPlan& plan, const std::vector<Capture>& event,
                    const std::vector<Capture>* batch);
    void fill_fields(Sighting& sighting, const ScanPlan& plan, const std::vector<Capture>& event,
                     const std::vector<Capture>* batch);
    bool fill_original(Sighting& sighting, const ScanPlan& plan,
                       const std::vector<Capture>& envelope);
    void fill_origin(Sighting& sighting, std::string_view topic, std::int64_t partition,
                     std::int64_t offset);
    void finish(Sighting& sighting);
    void set_body(Sighting& sighting, std::string_view body) const;
    std::string_view text(const Capture& capture, std::string& scratch) const;
    std::string_view word(const PlannedField& field, const Capture& capture);
    TimeState time(const PlannedField& field, const Capture* capture, MinuteMemo& memo,
                   Micros& into);

    std::shared_ptr<const LoadedDialects> m_dialects;
    std::shared_ptr<Vocabulary> m_vocabulary;
    DecodeOptions m_options;
    std::vector<int> m_overlays, m_readers; // dialects that are, and are not, overlays
    std::vector<ValueId> m_dialect_ids;
    ValueId m_json_id, m_text_id, m_hex_id;
    std::vector<InternerCache> m_dimension_values;
    InternerCache m_reasons, m_runs;
    std::unordered_map<std::string, std::unique_ptr<Place>> m_places;
    Place* m_last_place = nullptr;
    std::unordered_map<std::uint32_t, const FieldPaths*> m_field_paths; // by place and dialect
    std::uint32_t m_batch_number = 0;
    std::vector<std::pair<Place*, PartitionId>> m_touched; // by the batch at hand

    Now m_now;
    FieldScan m_record_scan, m_event_scan;
    std::vector<Capture> m_envelope, m_event, m_inner, m_header_captures;
    std::vector<std::string_view> m_lines; // of a record with one event a line, the first ones
    std::uint64_t m_lines_left_out = 0;
    bool m_is_json = false; // the value at hand, as far as it has been tried
    std::string m_scratch, m_original;
    std::array<MinuteMemo, 3> m_minutes; // of event, sent and received time
};

} // namespace weir
