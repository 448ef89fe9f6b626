// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/remediate.h"

#include <charconv>

#include "models/event/search/hit_json.h"
#include "models/sandbox/dead_letter.h"
#include "models/sandbox/event_taker.h"

namespace weir::sandbox {
namespace {

constexpr std::string_view quarantine_header = "weir-quarantine";
constexpr std::string_view remedy_header = "weir-remedy";

StageInfo remediate_info() {
    return {.name = "remediate",
            .purpose = "Repairs dead letters by rules and lets them in again.",
            .inputs = {"invalid_events"},
            .outputs = {"raw_events", quarantine_topic},
            .state_topic = {},
            .guarantees = {"What goes in again meets its contract.",
                           "Only what a rule is about changes: every other byte is the client's.",
                           "No event goes in again more often than the rules allow.",
                           "Dead letters of other dialects than Weir's own stay where they are."},
            .slo_p95_us = 60'000'000};
}

std::unique_ptr<Judge> judge_of(const std::shared_ptr<const ContractShelf>& contracts) {
    if (contracts == nullptr)
        return std::make_unique<PolicyJudge>(WithoutContract::Pass);
    return std::make_unique<ContractJudge>(contracts, WithoutContract::Pass);
}

std::string text_at(const JsonTape& tape, std::string_view pointer) {
    const auto node = tape.at(pointer);
    return node ? scalar_text(tape, *node) : std::string();
}

/// The letter's own reason, and each of its violations.
std::vector<Complaint> complaints_of(const JsonTape& letter) {
    std::vector<Complaint> all = {{text_at(letter, "/reason"), text_at(letter, "/pointer")}};
    const auto list = letter.at("/violations");
    if (!list || letter.nodes()[*list].kind != JsonKind::Array)
        return all;
    for (std::uint32_t at = *list + 1; at < letter.nodes()[*list].next;
         at = letter.nodes()[at].next) {
        if (letter.nodes()[at].kind != JsonKind::Object)
            continue;
        const auto of = [&](std::string_view name) {
            const auto member = letter.member(at, name);
            return member ? scalar_text(letter, *member) : std::string();
        };
        all.push_back({of("reason"), of("pointer")});
    }
    return all;
}

/// A dead letter that Weir wrote about a native event which is whole.
bool is_for_us(const JsonTape& letter) {
    const std::string dialect = text_at(letter, "/dialect");
    const auto event = letter.at("/original");
    return event && letter.nodes()[*event].kind == JsonKind::Object && letter.at("/reason") &&
           letter.at("/stage") && (dialect.empty() || dialect == to_word(Dialect::Native));
}

} // namespace

std::int64_t replay_count(const StageInput& input) {
    const std::string_view text = input.header(replay_count_header);
    std::int64_t count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    return read.ec == std::errc() && count > 0 ? count : 0;
}

Remediate::Remediate(std::shared_ptr<const Remedies> remedies,
                     const std::shared_ptr<const ContractShelf>& contracts)
    : m_info(remediate_info())
    , m_remedies(std::move(remedies))
    , m_judge(judge_of(contracts)) {}

void Remediate::process(const StageInput& input, StageOutput& output) {
    if (m_remedies == nullptr || !is_for_us(input.tape)) {
        output.filter(FilterKind::NotForUs);
        return;
    }
    const std::string_view event = input.tape.raw(*input.tape.at("/original"));
    if (!m_event.parse(event) || !m_repair.apply(*m_remedies, complaints_of(input.tape),
                                                 text_at(m_event, "/event_type"), event)) {
        output.filter(FilterKind::NotForUs);
        return;
    }
    const std::int64_t rounds = replay_count(input);
    if (rounds >= m_remedies->rounds_max) {
        output.emit(quarantine_topic, input.record.key, input.record.value);
        output.header(quarantine_header,
                      "it went in again " + std::to_string(rounds) + " times and came back");
        return;
    }
    go_in_again(input, rounds, output);
}

void Remediate::go_in_again(const StageInput& input, std::int64_t rounds, StageOutput& output) {
    Batch batch;
    batch.request.body = m_repair.text();
    batch.received_time = text_at(m_event, "/received_time");
    if (batch.received_time.empty())
        batch.received_time = text_at(input.tape, "/received_time");
    if (batch.received_time.empty())
        batch.received_time = rfc3339(input.record.timestamp);
    m_judge->begin(input.record.timestamp); // no clock: the same input makes the same again
    Unreadable why;
    if (!decode_native(batch, *m_judge, {.events = 1}, why) || batch.events.size() != 1) {
        output.fail("remedy_failed", {}, why.why);
        return;
    }
    const JudgedEvent& judged = batch.events.front();
    if (judged.good()) {
        output.emit("raw_events", judged.key, batch.value_of(judged));
        output.header(replay_count_header, std::to_string(rounds + 1));
    } else {
        m_scratch.clear();
        append_dead_letter(batch, judged, m_scratch);
        output.emit(quarantine_topic, input.record.key, m_scratch);
        output.header(quarantine_header, "repaired, it still breaks its contract");
    }
    output.header(remedy_header, m_repair.applied());
}

} // namespace weir::sandbox
