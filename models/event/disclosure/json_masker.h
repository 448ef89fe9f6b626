// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds what a JSON document says of persons in one pass over its tape: first by what is agreed
// about its fields, and where nothing is, by the names of its fields and the shape of its values
// (the detectors). What covers a field, all below it inherits, unless something else is said there;
// what is wrapped in a string is looked into (text_judge.h); the strings of a list are looked at
// together, too. Booleans, null and empty texts stay as they are: they hold one bit or nothing.
//
// Thread contract: one owner (scratch memory, a cache of names). Bound: the tape's limits; wrapped
// JSON is looked into `wrapped_max` times, deeper it is masked whole.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/disclosure/field_class.h"
#include "models/event/disclosure/field_classes.h"
#include "models/event/disclosure/text_judge.h"
#include "models/event/json/json_tape.h"

namespace weir {

/// So many JSON documents, each wrapped in a string of the one before, are looked into.
inline constexpr int wrapped_json_max = 2;

class JsonMasker {
  public:
    /// One masked place of the payload.
    struct Hit {
        std::uint32_t node; // on the tape; a Key node if the member's name itself was masked
        std::string_view reason;
        std::uint32_t part_begin = 0;    // the parts of its text that are masked, in parts()
        std::uint32_t part_count = 0;    // 0: all of it
        const ValueForm* form = nullptr; // that its value has, if it is known
        bool agreed = false;             // not by the detectors
    };

    explicit JsonMasker(bool detects = true, int wrapped_max = wrapped_json_max)
        : m_detects(detects)
        , m_wrapped_max(wrapped_max)
        , m_texts(wrapped_max) {}

    /// Finds what is to be masked. `events`: what is agreed about those in `text`, in their order.
    /// False: `text` is not JSON.
    bool find(std::string_view text, std::span<const EventFields> events = {});
    /// As find(); any object may be an event about which `agreed` holds (null: nothing is).
    bool find_anywhere(std::string_view text, const FieldClasses* agreed);

    const std::vector<Hit>& hits() const { return m_hits; }
    const std::vector<TextPart>& parts() const { return m_parts; }
    const JsonTape& tape() const { return m_tape; }

    /// class_of_name() and class_of_scalar() through a cache: of a text that stands under `name`.
    FieldClass class_of(std::string_view name, std::string_view parent);
    /// Why a text under no telling name must be masked, or "".
    std::string_view reason_of_text(std::string_view text) { return m_texts.judge(text); }

  private:
    /// What a member's name says of its value.
    struct ByName {
        FieldClass any = FieldClass::None;
        FieldClass scalar = FieldClass::None; // if it is a text or number, or a list of these
    };
    /// What is known of a value before it is looked at.
    struct Known {
        FieldClasses::Place agreed;
        std::string_view covered; // why all below something outside is masked, by agreement
        ByName by_name;
        bool shown = false; // an element of a list whose elements are
    };
    struct Container {
        std::uint32_t end;
        bool is_object;
        Known inherited;            // by_name and covered hold below; shown: for elements
        std::string_view name;      // of the member it is, "" for elements and the root
        std::uint32_t elements = 0; // seen so far
    };
    struct CachedName {
        std::string name;
        ByName by_name;
        std::string_view by_text; // why {"jane@example.com": …} is masked: the name is somebody's
        bool needs_parent = false; // `name` is a person's in `user`, a product's elsewhere
        bool filled = false;
    };
    static constexpr std::size_t cached_names = 512;
    static constexpr std::size_t probes = 4;

    void learn(CachedName& slot, std::string_view name);
    const CachedName& lookup(std::string_view name);
    bool walk(std::string_view text, std::span<const EventFields> events,
              const FieldClasses* anywhere);
    Known known_of_member(std::uint32_t node, std::string_view name, Container& outer);
    void open(std::uint32_t node, Known known, std::string_view name);
    void judge(std::uint32_t node, const Known& known);
    bool judge_agreed(std::uint32_t node, const Known& known);
    void judge_detected(std::uint32_t node, ByName by_name);
    std::string_view reason_of_wrapped(std::string_view text, FieldClasses::Place agreed);
    void judge_quotes();
    ByName judge_member(std::uint32_t node, std::string_view name, const Container& outer);
    FieldClass class_of_split(std::uint32_t array);

    const bool m_detects;
    const int m_wrapped_max;
    const FieldClasses* m_inside = nullptr; // what holds where an envelope says: here it begins
    FieldClasses::Place m_wrapped;          // of a text that was wrapped: what is said of it
    std::unique_ptr<JsonMasker> m_inner;    // for JSON in a string of which something is said
    std::vector<std::uint32_t> m_quotes;    // texts that may quote from the event
    bool m_event_hidden = false;            // as a whole: what of it is masked is not known
    TextJudge m_texts;
    JsonTape m_tape;
    std::vector<Hit> m_hits;
    std::vector<TextPart> m_parts;
    std::vector<Container> m_open;
    std::string m_scratch, m_joined, m_spaced, m_unwrapped;
    std::vector<CachedName> m_names = std::vector<CachedName>(cached_names + probes);
    CachedName m_long_name; // of a member whose name is not worth keeping
    std::size_t m_next_victim = 0;
};

} // namespace weir
