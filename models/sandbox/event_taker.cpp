// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/event_taker.h"

#include <algorithm>
#include <array>

#include "models/contract/contract_checker.h"
#include "models/contract/self_describing.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/defaults.h"

namespace weir::sandbox {

namespace {

constexpr std::size_t key_bytes_max = 512;

Violation of_whole(ViolationReason reason, std::string expected, std::string_view found) {
    Violation violation;
    violation.reason = reason;
    violation.expected = std::move(expected);
    violation.found = found_text(found);
    return violation;
}

/// Keeps at most `most`, and of each reason one that says how many more there are. What blocks the
/// event stays before all else.
void list_at_most(std::size_t most, std::vector<Violation>& violations) {
    if (violations.size() <= most)
        return;
    std::stable_partition(violations.begin(), violations.end(),
                          [](const Violation& v) { return v.effect == Effect::Block; });
    std::array<std::size_t, violation_reason_count> left{};
    const auto at = [](const Violation& v) { return static_cast<std::size_t>(v.reason); };
    for (std::size_t i = most; i < violations.size(); ++i)
        left[at(violations[i])] += 1 + violations[i].more;
    violations.resize(most);
    for (auto violation = violations.rbegin(); violation != violations.rend(); ++violation) {
        std::size_t& more = left[at(*violation)];
        if (more > 0)
            note_more(*violation, more);
        more = 0;
    }
    std::string& remedy = violations.back().remedy;
    for (std::size_t reason = 0; reason < left.size(); ++reason)
        if (left[reason] > 0)
            remedy += (remedy.empty() ? "" : "; ") + std::to_string(left[reason]) + " of reason " +
                      std::string(to_word(static_cast<ViolationReason>(reason))) +
                      " are not listed";
}

} // namespace

std::size_t Batch::good_count() const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [](const JudgedEvent& e) { return e.good(); }));
}

std::string scalar_text(const JsonTape& tape, std::uint32_t node) {
    switch (tape.nodes()[node].kind) {
    case JsonKind::String:
        return tape.unescaped(node);
    case JsonKind::Number:
    case JsonKind::True:
    case JsonKind::False:
        return std::string(tape.raw(node));
    default:
        return {};
    }
}

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(text, out);
    return out;
}

void Described::clear() {
    type.clear();
    version.clear();
    key.clear();
    source.clear();
}

/// Parses it; an event that is none gets its violation.
bool EventTaker::readable(std::string_view original, JudgedEvent& event) {
    const auto refuse = [&](Violation violation) {
        event.outcome = Verdict::Outcome::Refused;
        event.violations.push_back(std::move(violation));
        return false;
    };
    if (original.size() > m_limits.event_bytes)
        return refuse(of_whole(ViolationReason::TooLarge,
                               "at most " + std::to_string(m_limits.event_bytes) + " bytes",
                               std::to_string(original.size()) + " bytes"));
    if (!m_tape.parse(original, event_json)) {
        const JsonError& error = m_tape.error();
        return refuse(of_whole(reason_of(error),
                               "a JSON object (at byte " + std::to_string(error.offset) + ": " +
                                   error.what + ")",
                               original));
    }
    if (m_tape.nodes()[0].kind != JsonKind::Object)
        return refuse(of_whole(ViolationReason::WrongType, "a JSON object", original));
    return true;
}

void EventTaker::take(std::string_view original) {
    JudgedEvent& event = m_batch.events.emplace_back();
    event.original = original;
    event.is_object = readable(original, event);
    if (!event.is_object)
        return;
    m_described.clear();
    describe(m_tape, m_described);
    Verdict verdict;
    judge(m_judge, m_tape, m_described, verdict);
    event.outcome = verdict.outcome;
    if (event.good() && !make_value(event, verdict)) {
        event.outcome = Verdict::Outcome::Refused;
        verdict.violations.insert(
            verdict.violations.begin(),
            of_whole(ViolationReason::TooLarge,
                     "at most " + std::to_string(m_limits.record_bytes) +
                         " bytes with all that is added, its contract's defaults among it",
                     std::to_string(original.size()) + " bytes as it came"));
    }
    list_at_most(m_limits.violations, verdict.violations);
    event.violations = std::move(verdict.violations);
    event.type = std::move(m_described.type);
    event.source = std::move(m_described.source);
    event.key = std::move(m_described.key);
    if (event.key.size() > key_bytes_max)
        event.key.resize(key_bytes_max);
}

void EventTaker::judge(Judge& judge, const JsonTape& tape, const Described& event,
                       Verdict& verdict) {
    EventFacts facts;
    facts.dialect = m_batch.dialect;
    facts.type = event.type;
    facts.version = event.version;
    judge.judge(facts, tape, verdict);
}

/// False: with what is added to it, it is too large; nothing is left of it in the batch's text.
bool EventTaker::make_value(JudgedEvent& event, const Verdict& verdict) {
    event.value.begin = m_batch.text.size();
    const bool written = write_value(event, verdict);
    event.value.length = m_batch.text.size() - event.value.begin;
    const std::size_t key_bytes = std::min(m_described.key.size(), key_bytes_max);
    if (written && event.value.length + key_bytes <= m_limits.record_bytes)
        return true;
    m_batch.text.resize(event.value.begin);
    event.value = {};
    return false;
}

bool EventTaker::write_value(JudgedEvent& event, const Verdict& verdict) {
    m_splice.clear();
    std::string stripped;
    std::string_view base = event.original;
    if (!verdict.strip.empty()) { // seldom: the text without them is looked at anew
        stripped = without_keys(m_tape, verdict.strip);
        if (!m_tape.parse(stripped, event_json))
            return false;
        base = stripped;
        describe(m_tape, m_described);
    }
    complete(m_tape, m_described, m_splice);
    if (verdict.contract != nullptr &&
        !fill_defaults(*verdict.contract, m_tape, m_limits.record_bytes, m_splice))
        return false;
    std::string& text = m_batch.text;
    text.append(before());
    m_splice.apply(base, text);
    text.append(after());
    return true;
}

void refuse_as_too_large(JudgedEvent& event) {
    event.outcome = Verdict::Outcome::Refused;
    event.violations.insert(
        event.violations.begin(),
        of_whole(ViolationReason::TooLarge, "no more than the broker takes",
                 std::to_string(event.value.length) + " bytes as it is passed on"));
    event.value = {};
}

Unreadable too_many_events(const BatchLimits& limits) {
    const std::string most = std::to_string(limits.events) + " events";
    return {413, "a request may hold " + most, ViolationReason::TooLarge, "at most " + most};
}

void keep_unreadable(Batch& batch, Unreadable&& why) {
    batch.events.clear();
    batch.text.clear();
    if (!why.expected.empty()) {
        JudgedEvent& event = batch.events.emplace_back();
        event.outcome = Verdict::Outcome::Refused;
        event.original = batch.request.body;
        event.is_object = why.is_object;
        event.source = write_key_of(batch.request);
        event.violations.push_back(of_whole(why.reason, why.expected, event.original));
    }
    batch.unreadable = std::move(why);
}

} // namespace weir::sandbox
