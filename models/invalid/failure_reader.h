// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a failed event says of its failure and of whom it concerns, beyond what a sighting carries:
// pointer, message, user, session, producer. Read from the record's headers, the envelope around
// the event, and the event in it (an object, a text, or base64), of whatever dialect, leniently:
// what is not there, or cannot be read, is missing.
//
// Thread contract: one owner. Bound: FieldScan's; a scan or two over the value.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/decode/field_scan.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/sighting.h"

namespace weir {

/// Views into the record, or into the reader: valid until the next read().
struct Failure {
    std::string_view reason; // of a header; empty: the sighting's own is the only one
    std::string_view pointer;
    std::string_view message;
    std::string_view producer; // the source's id, e.g. its write key
    std::uint64_t user = 0;    // hash of the user's id, else of the anonymous one; 0: none
    std::uint64_t session = 0; // likewise
    bool bot = false;          // its user agent says so
};

class FailureReader {
  public:
    FailureReader(const DialectSet& dialects, std::shared_ptr<const Vocabulary> vocabulary);
    ~FailureReader();

    const Failure& read(const SightingBatch& batch, const Sighting& sighting);
    /// The message alone, of a record as it is shown. What read() answered does not outlive it.
    std::string_view message_in(const DisclosedRecord& shown, ValueId dialect);

  private:
    using Slots = std::vector<std::uint16_t>; // in the order in which they are tried
    struct Plan {
        PathTrie trie;
        std::uint16_t slot_count = 0;
        Slots pointer, message, user, anonymous, session, producer, user_agent;
        Slots original, original_base64; // in a plan for these alone

        std::uint16_t slot(const std::string& path);
        void add(Slots& slots, const std::vector<std::string>& paths, const std::string& within);
    };
    struct Envelope { // of a dialect whose events lie within it
        std::string dialect;
        Plan fields, originals;
    };
    struct HeaderNames {
        std::vector<std::string> reason, pointer, message;
    };

    void add_event_fields(Plan& plan, const std::string& within) const;
    const Envelope* envelope_of(ValueId dialect);
    void read_headers(const SightingBatch& batch, const Record& record);
    bool scan(const Plan& plan, std::string_view text);
    std::string_view text_at(const Slots& slots, std::string& scratch) const;
    void take_event(const Plan& plan);
    void read_original(const Envelope& envelope, std::string_view value);

    const std::shared_ptr<const Vocabulary> m_vocabulary;
    std::vector<std::pair<std::string, std::vector<std::string>>> m_event_fields; // field → paths
    HeaderNames m_headers;
    Plan m_event;
    std::vector<std::unique_ptr<Envelope>> m_envelopes;
    std::vector<std::pair<bool, const Envelope*>> m_known; // by dialect number: looked up, which
    FieldScan m_scan;
    std::vector<Capture> m_captures;
    std::string m_pointer, m_message, m_producer, m_scratch, m_original;
    Failure m_failure;
};

} // namespace weir
