// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/enrich.h"

#include <algorithm>
#include <charconv>
#include <xxhash.h>

#include "models/sandbox/workers/event_contract.h"

namespace weir::sandbox {
namespace {

/// As a key of a topic and of the tables that are filled from it; the collector cuts its keys here.
constexpr std::size_t user_bytes_max = 512;

StageInfo enrich_info() {
    return {.name = "enrich",
            .purpose = "Adds what can be known about an event (device, amounts in one currency, "
                       "measures in one unit, where its user came from) and makes tokens of "
                       "personal values.",
            .inputs = {"unique_events"},
            .outputs = {enriched_topic, by_user_topic},
            .state_topic = "enrich_state",
            .guarantees = {"The same events in the same order give the same bytes, headers apart.",
                           "What a rule does not change stays as it came, byte for byte.",
                           "Each event has an audit: rule, version, before, after; of personal "
                           "values not what they were.",
                           "What is unknown stays unknown; a purpose that is refused is not "
                           "served."},
            .slo_p95_us = 2'000'000};
}

std::shared_ptr<const Tokeniser> tokeniser_or_known(std::shared_ptr<const Tokeniser> tokeniser) {
    if (tokeniser)
        return tokeniser;
    return Tokeniser::create("weir: a key that everybody knows").value();
}

std::string text_of(Micros at, std::uint64_t user, const Touch& touch) {
    std::string text = "{\"at\":" + std::to_string(at.value()) +
                       ",\"user\":" + std::to_string(user) + ",\"touch\":";
    append_json(touch, text);
    return text + "}";
}

template <class Number>
bool read_member(const JsonTape& tape, std::string_view name, Number& number) {
    const auto node = tape.member(0, name);
    if (!node || tape.nodes()[*node].kind != JsonKind::Number)
        return false;
    const std::string_view digits = tape.raw(*node);
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

} // namespace

Enrich::Enrich(std::shared_ptr<const ContractShelf> contracts,
               std::shared_ptr<const Tokeniser> tokeniser, EnrichOptions options)
    : m_info(enrich_info())
    , m_contracts(std::move(contracts))
    , m_options(options)
    , m_enrichment(tokeniser_or_known(std::move(tokeniser))) {}

// ---- what is remembered

Enrich::Session Enrich::known(const Partition& partition, const std::string& key,
                              Micros now) const {
    const auto found = partition.sessions.find(key);
    const bool fresh =
        found != partition.sessions.end() && now - found->second.at <= m_options.window;
    return fresh ? found->second : Session{};
}

void Enrich::keep(Partition& partition, const std::string& key, Session session) {
    partition.newest = std::max(partition.newest, session.at);
    partition.order.emplace_back(session.at, key);
    partition.sessions[key] = std::move(session);
}

void Enrich::forget_old(Partition& partition, StageOutput* output) const {
    while (!partition.order.empty()) {
        const auto& [at, key] = partition.order.front();
        const auto found = partition.sessions.find(key);
        const bool current = found != partition.sessions.end() && found->second.at == at;
        const bool old = partition.newest - at > m_options.window;
        if (current && !old && partition.sessions.size() <= m_options.sessions_max)
            break;
        if (current) {
            if (output != nullptr)
                output->remember(key, std::nullopt);
            partition.sessions.erase(found);
        }
        partition.order.pop_front(); // it changed since, or it is forgotten
    }
}

void Enrich::restore(PartitionId partition, std::string_view key, std::string_view value) {
    Partition& own = m_partitions[partition];
    if (value.empty()) {
        own.sessions.erase(std::string(key));
        return;
    }
    JsonTape tape;
    Session session;
    std::int64_t at = 0;
    if (!tape.parse(value) || tape.nodes()[0].kind != JsonKind::Object ||
        !read_member(tape, "at", at) || !read_member(tape, "user", session.user))
        return; // not ours: somebody else wrote there
    session.at = Micros(at);
    if (const auto touch = tape.member(0, "touch");
        touch && tape.nodes()[*touch].kind == JsonKind::Object)
        session.touch = read_touch(tape, *touch);
    keep(own, std::string(key), std::move(session));
    forget_old(own, nullptr);
}

std::size_t Enrich::remembered(PartitionId partition) const {
    const auto found = m_partitions.find(partition);
    return found == m_partitions.end() ? 0 : found->second.sessions.size();
}

// ---- an event

void Enrich::process(const StageInput& input, StageOutput& output) {
    if (refuses(input.tape, input.fields, "analytics")) {
        output.filter(FilterKind::Consent);
        return;
    }
    Partition& partition = m_partitions[input.record.partition];
    const std::string key(input.record.key);
    const Micros now = input.record.timestamp;
    const Session before = known(partition, key, now);
    Session session = before;
    if (!refuses(input.tape, input.fields, "ads"))
        add_to(session.touch, input.tape, input.fields);
    const std::string user(input.fields.text(input.tape, EventField::User, m_scratch));
    const std::uint64_t who = user.empty() ? 0 : XXH3_64bits(user.data(), user.size()) | 1;
    const bool touches = who != 0 && who != before.user;
    if (who != 0)
        session.user = who;

    const auto contracts = m_contracts ? m_contracts->get() : nullptr;
    m_enrichment.apply(input.tape, input.fields,
                       contracts ? contract_of(input, *contracts) : nullptr,
                       touches ? &session.touch : nullptr);
    output.emit(enriched_topic, input.record.key, m_enrichment.value());
    output.header(audit_header, m_enrichment.audit());
    if (!user.empty() && user.size() <= user_bytes_max)
        output.emit(by_user_topic, user, m_enrichment.value());

    partition.newest = std::max(partition.newest, now);
    if (!key.empty() && (session.touch != before.touch || session.user != before.user)) {
        session.at = now;
        output.remember(key, text_of(now, session.user, session.touch));
        keep(partition, key, std::move(session));
    }
    forget_old(partition, &output);
}

} // namespace weir::sandbox
