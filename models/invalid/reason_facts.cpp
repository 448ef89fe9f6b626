// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/reason_facts.h"

#include <algorithm>
#include <iterator>

#include "models/contract/violation.h"

namespace weir {

namespace {

struct KnownReason {
    std::string_view word;
    Recoverable recoverable;
    const char* remedy;
    bool mostly_bots = false;
    bool meant = false;
};

using enum Recoverable;

constexpr const char* mend_and_replay = "Mend the producer; repair the events and replay them.";
constexpr const char* look_at_stage = "Look at a sample, and at the stage that wrote it.";

constexpr KnownReason known_reasons[] = {
    // Weir's own, as ViolationReason and the generator of malformed events have them.
    {"not_json", No, "Mend the producer: what it sends is no JSON."},
    {"broken_json", No, "Mend the producer: its JSON is cut or malformed."},
    {"bad_encoding", No, "Have the producer send UTF-8."},
    {"too_large", No, "Have the producer send less, or raise the collector's limit."},
    {"unknown_type", Yes, "Add a contract for the type, or correct its name in the producer."},
    {"unknown_version", Yes,
     "Publish the contract's version, or have the producer send a known "
     "one."},
    {"deprecated_version", Yes, "Move the producer to the contract's newest version.", false, true},
    {"removed_version", Yes, "Move the producer to a version that is still taken."},
    {"missing_required", Yes,
     "Have the producer send the member; give events that lack it its "
     "default."},
    {"missing_field", Yes,
     "Have the producer send the member; give events that lack it its "
     "default."},
    {"wrong_type", Yes, "Mend the producer; cast the value in the events and replay them."},
    {"bad_time", Yes, "Have the producer send RFC 3339 times."},
    {"not_in_enum", Yes, "Add the value to the contract, or correct it in the producer."},
    {"out_of_range", Yes, "Check the range in the contract and the value in the producer."},
    {"unexpected_property", Yes, "Add the member to the contract, or strip it from the events."},
    {"rate_limited", Yes, "Raise the source's limit, or have it send less.", false, true},
    {"consent_denied", No, "Nothing: the user did not consent.", false, true},
    {"filtered", No, "Nothing: a filter of the pipeline took them out.", false, true},
    {"unspecified", Unknown, "Look at a sample: the dead letter does not say why."},
    // Snowplow's failure types.
    {"schema_violations", Yes, mend_and_replay},
    {"enrichment_failures", Yes, "Mend the enrichment; then replay the events."},
    {"tracker_protocol_violations", Yes, "Mostly bots: look at who sends it.", true},
    {"adapter_failures", Yes, "Mostly bots: look at who sends it.", true},
    {"collector_payload_format_violation", Yes, "Mostly bots: look at who sends it.", true},
    {"size_violation", No, "Have the producer send less, or raise the collector's limit."},
    {"loader_parsing_error", No, "Mend the loader; the events must be enriched anew."},
    {"loader_iglu_error", No, "Mend the schema registry; the events must be loaded anew."},
    {"loader_runtime_error", No, "Look at the loader and its warehouse."},
    {"loader_recovery_error", No, "Look at the loader and its warehouse."},
    {"relay_failure", No, "Look at what the relay sends to."},
    {"recovery_error", Yes, "Correct the recovery's configuration and run it again."},
    {"event_forwarding_error", Yes, "Look at what the events are forwarded to."},
    {"generic_error", No, "Look at a sample: nothing is known of the cause."},
};

bool contains(std::string_view text, std::string_view part) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [&](char a, char b) { return lower(a) == b; }) != text.end();
}

/// An exception by what its name says.
ReasonFacts facts_of_exception(std::string_view reason) {
    for (const char* word : {"timeout", "retriable", "connect", "unavailable", "disconnect"})
        if (contains(reason, word))
            return {Yes, false, false,
                    "What the stage calls did not answer: see to that, then replay the events."};
    for (const char* word : {"deserializ", "parse", "json", "schema", "dataexception", "convert"})
        if (contains(reason, word))
            return {Unknown, false, false,
                    "The stage cannot read the events: compare a sample with what it expects."};
    return {Unknown, false, false, look_at_stage};
}

} // namespace

const char* to_word(Severity severity) {
    switch (severity) {
    case Severity::Error:
        return "error";
    case Severity::Warning:
        return "warning";
    case Severity::Info:
        return "info";
    }
    return "";
}

const char* to_word(Recoverable recoverable) {
    switch (recoverable) {
    case Yes:
        return "yes";
    case No:
        return "no";
    case Unknown:
        return "unknown";
    }
    return "";
}

ReasonFacts reason_facts(std::string_view reason) {
    const auto* const known =
        std::find_if(std::begin(known_reasons), std::end(known_reasons),
                     [&](const KnownReason& one) { return one.word == reason; });
    if (known != std::end(known_reasons))
        return {known->recoverable, known->mostly_bots, known->meant, known->remedy};
    if (contains(reason, "exception") || contains(reason, "error"))
        return facts_of_exception(reason);
    ViolationReason of_contract{};
    if (from_word(reason, of_contract))
        return {Yes, false, false, mend_and_replay};
    return {Unknown, false, false, look_at_stage};
}

bool is_bot(std::string_view user_agent) {
    return contains(user_agent, "bot") || contains(user_agent, "crawl") ||
           contains(user_agent, "spider") || contains(user_agent, "headless");
}

} // namespace weir
