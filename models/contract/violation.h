// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with an event, typed: why, where, what was expected, what was found, and how to
// mend it. One shape for the collector's answers, the Live view, the command line and the books of
// invalid events.
//
// Thread contract: plain values. Bound: `found` holds at most found_bytes_max bytes of the payload.
// It is unmasked: who shows a violation shows what was found under the disclosure policy only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class ViolationReason : std::uint8_t {
    NotJson,           // the bytes are no JSON text
    TooLarge,          // over a stated bound of bytes, depth or values
    UnknownType,       // no contract knows the event type
    UnknownVersion,    // contracts know the type, none that version
    DeprecatedVersion, // still taken, on its way out
    RemovedVersion,    // its day has passed
    MissingRequired,
    WrongType,
    NotInEnum,   // enum and const
    OutOfRange,  // minimum, maximum and their exclusive forms
    NotMultiple, // multipleOf
    WrongLength, // of a string, in code points
    WrongSize,   // number of members or elements
    Pattern,     // also of a member's name
    Format,      // date-time, uuid, email, …
    Content,     // contentEncoding, contentMediaType
    UnexpectedProperty,
    UnexpectedItem,
    DuplicateItem,    // uniqueItems
    DuplicateKey,     // one name twice in an object: the last one counts, and parsers disagree
    NothingContained, // contains
    Dependency,       // a member that another one asks for
    NoAlternative,    // anyOf, oneOf: none fits
    Ambiguous,        // oneOf: more than one fits
    Forbidden,        // not, false
    Rule,             // a rule across fields
    TooComplex,       // the schema asks for more work than an event may take
};
inline constexpr int violation_reason_count = 27;

/// The reason's word as it stands in --json output and in counters, e.g. "missing_required".
std::string_view to_word(ViolationReason reason);
/// All of them.
std::vector<std::string> violation_reasons();
/// The reason of that word; false: there is none.
bool from_word(std::string_view word, ViolationReason& reason);

/// Whether it is the version that is wrong, not what the event says.
bool is_about_version(ViolationReason reason);

/// What is done about a violation.
enum class Effect : std::uint8_t {
    Block, // the event is refused
    Flag,  // it is accepted, and the violation recorded
    Strip, // it is accepted without the offending member
};
std::string_view to_word(Effect effect);
bool from_word(std::string_view word, Effect& effect);

struct Violation {
    static constexpr std::size_t found_bytes_max = 120;

    ViolationReason reason = ViolationReason::NotJson;
    Effect effect = Effect::Block;
    std::string pointer; // RFC 6901, into the event; "" is the event itself
    std::string within;  // its beginning that leads to what was judged, if that is not the event
    /// In words: "a number", "one of \"EUR\", \"USD\"", "at least 0"; they quote contracts, and
    /// nothing of the event.
    std::string expected;
    std::string found;  // the JSON text found, cut; "" where something is missing
    std::string remedy; // what the sender can do; may be empty
    std::string rule;   // where the demand stands: "contract.json#/schema/properties/price/minimum"
    std::size_t more = 0; // others of its reason that are not listed; its remedy says so
};

/// So many more of its reason are not listed.
void note_more(Violation& violation, std::size_t more);

/// `text` cut to found_bytes_max bytes between code points, with an ellipsis where it was cut.
std::string found_text(std::string_view text);
/// "add the member" as a sentence of its own.
std::string as_sentence(std::string remedy);
/// One line: "/properties/price: expected at least 0, found -3".
std::string violation_text(const Violation& violation);
/// Appends {"reason","effect","pointer","expected","found","remedy"} without line breaks.
void append_violation_json(const Violation& violation, std::string& out);

} // namespace weir
