// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The work of a search on one batch: most records are passed over after one scan of their raw
// bytes; only those that could match are decoded, disclosed and judged by the filter.
//
// What may be passed over is RecordPrefilter's business; whether a value is plain JSON is judged
// here by its first and last byte: any other is looked into, so that the shortcut costs no match
// among text, binary or broken payloads, and these are counted.
//
// Under a masking policy the shortcut is taken only where masking cannot make what it looks for,
// and a record large enough to hold more events than are read of one is never passed over: whether
// it is told of must not depend on what it holds.
//
// Thread contract: one thread. Bound: one batch; no allocation for a record passed over.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "connectors/base/record.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/filter/filter.h"
#include "models/event/filter/record_envelope.h"
#include "models/event/filter/record_prefilter.h"
#include "models/event/search/hit.h"
#include "models/event/search/path_census.h"

namespace weir {

struct ScanParts {
    std::shared_ptr<const Filter> filter;
    std::shared_ptr<const Vocabulary> vocabulary;
    std::shared_ptr<const DisclosurePolicy> disclosure;
    std::function<std::unique_ptr<Decoder>()> make_decoder;
    std::optional<Micros> time_from, time_to; // record time; to is exclusive
    ViolationFinders violations{};            // may be empty; for filters that ask for them
    std::shared_ptr<PathCensus> census{};     // null: nobody asks whether paths are there
    bool tell_violations = false;             // hits say how they break their contracts
    bool tell_masked = false;                 // hits say where they are masked, and why
};

class Scanner {
  public:
    explicit Scanner(const ScanParts& parts);
    ~Scanner();

    /// Whether it may be told how many records were looked into, and what of these could not be
    /// decoded or was cut. Not where records are passed over by bytes that are masked: the numbers
    /// would tell whether a masked value is among them.
    static bool may_tell_looked_into(const ScanParts& parts);

    /// Throws out of the batch what cannot match and is not looked into for the census; order and
    /// headers stay. kept()[i] is where record i of what is left stood before.
    void drop_hopeless(RecordBatch& batch);
    const std::vector<std::uint32_t>& kept() const { return m_kept; }

    /// What judge() found, by the record's number in the batch it was given.
    class Verdicts {
      public:
        virtual ~Verdicts() = default;
        /// `last`: no event of this record is left to be judged. False: no more.
        virtual bool matched(std::uint32_t number, const HitView& hit, bool last) = 0;
        /// No decoder could read it, whether it matches or not.
        virtual void undecodable(std::uint32_t number) = 0;
        /// It holds so many events more than are read of one record: they are not judged.
        virtual void cut(const Record& record, std::uint64_t left_out) = 0;
    };
    /// Decodes the records of the batch and judges all their events, in order. False: the receiver
    /// wanted no more.
    bool judge(RecordBatch batch, Verdicts& verdicts);

  private:
    bool passed_over(const RecordBatch& batch, const Record& record) const;
    bool matches(const Record& record, const Sighting& sighting);
    FilterInput input_of(const Record& record, const Sighting& sighting) const;
    EnvelopeText* envelope(const Record& record, const Sighting& sighting);
    bool hand_out(const Sighting& sighting, bool last, Verdicts& verdicts);
    void take_census(const Sighting& sighting);
    bool sampled(std::uint32_t number) const;
    std::string_view violations_of(const Sighting& sighting);
    void find_body(const Sighting& sighting, std::string_view value, HitView& hit);

    ScanParts m_parts;
    std::optional<RecordPrefilter> m_prefilter;
    std::unique_ptr<Decoder> m_decoder;
    std::unique_ptr<ViolationFinder> m_violations; // null: the filter does not ask for any
    DisclosedFilter m_filter;
    Discloser m_discloser;
    FieldFinder m_fields;
    SightingBatch m_sightings;
    RecordEnvelope m_envelope;
    DisclosedEnvelope m_shown_envelope{m_discloser}; // of m_envelope, for the census
    std::uint32_t m_enveloped = UINT32_MAX;          // the record that m_envelope is of
    std::vector<std::uint32_t> m_kept;
    std::vector<std::uint32_t> m_sampled; // of the kept ones, those that the census looks into
    std::uint64_t m_offered = 0;          // records within the range of time so far
    std::string m_told;                   // scratch of violations_of()
    JsonTape m_raw, m_shown;              // of a masked value
};

} // namespace weir
