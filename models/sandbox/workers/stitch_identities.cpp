// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stitch_identities.h"

#include <algorithm>
#include <array>
#include <set>
#include <xxhash.h>

#include "models/sandbox/enrich/enrichment.h"
#include "models/sandbox/stitch/likely_owners.h"
#include "models/sandbox/warehouse/event_identity.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/enrich.h"
#include "models/sandbox/workers/event_times.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;
using warehouse::WritableWarehouse;

constexpr std::size_t parameters_max = 500;

constexpr const char* widen =
    "(anonymous_id, user_id, method) DO UPDATE SET "
    "first_seen_at = CASE WHEN excluded.first_seen_at < kept.first_seen_at "
    "THEN excluded.first_seen_at ELSE kept.first_seen_at END, "
    "last_seen_at = CASE WHEN excluded.last_seen_at > kept.last_seen_at "
    "THEN excluded.last_seen_at ELSE kept.last_seen_at END, updated_at = excluded.updated_at";

constexpr const char* earlier = "(seen) DO UPDATE SET first_seen_at = excluded.first_seen_at "
                                "WHERE excluded.first_seen_at < kept.first_seen_at";

StageInfo stitch_identities_info() {
    return {.name = "stitch_identities",
            .purpose = "Tells which devices are whose: known where one event carried both ids, "
                       "likely where devices share signals.",
            .inputs = {by_user_topic, enriched_topic},
            .outputs = {},
            .state_topic = {},
            .guarantees = {"Known and likely are rows apart (method), and never mixed.",
                           "A device that is known has no likely owner.",
                           "Ids, methods, confidences: the same in whatever order events come.",
                           "Where consent to ads is refused there are no signals.",
                           "Rows and offsets are one transaction of the warehouse."},
            .slo_p95_us = 10'000'000};
}

/// What enrichment says a device can be known again by; "": nothing.
std::string_view signal_of(const JsonTape& tape, std::string& scratch) {
    const auto signal = enrichment_part(tape, "signal");
    const bool text = signal && tape.nodes()[*signal].kind == JsonKind::String;
    return text ? tape.text_of(*signal, scratch) : std::string_view();
}

/// One column for what is there once.
std::string seen_key(std::string_view signal, std::string_view anonymous, std::string_view user) {
    std::string text(signal);
    text.append(1, '\0').append(anonymous).append(1, '\0').append(user);
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    static constexpr char hex[] = "0123456789abcdef";
    std::string key;
    for (const std::uint64_t half : {hash.high64, hash.low64})
        for (int shift = 60; shift >= 0; shift -= 4)
            key += hex[(half >> shift) & 0xF];
    return key;
}

} // namespace

StitchIdentities::StitchIdentities(std::optional<warehouse::DatabaseTicket> warehouse,
                                   OffsetFence::Options options)
    : RowStage(stitch_identities_info(), std::move(warehouse), options) {}

void StitchIdentities::process(const StageInput& input, StageOutput& output) {
    const bool by_user = input.record.topic == by_user_topic;
    std::string anonymous = key_field(input, EventField::Anonymous);
    std::string user = key_field(input, EventField::User);
    std::string signal(by_user ? std::string_view() : signal_of(input.tape, m_scratch));
    if (anonymous.empty() || (by_user ? user.empty() : !fits_key(signal))) {
        output.filter(FilterKind::NotForUs);
        return;
    }
    count_taken();
    const Micros at = happened_at(input);
    if (by_user) {
        const auto [known, added] =
            m_known.try_emplace({std::move(anonymous), std::move(user)}, Span{at, at});
        known->second.first = std::min(known->second.first, at);
        known->second.last = std::max(known->second.last, at);
    } else {
        const auto [seen, added] =
            m_seen.try_emplace({std::move(signal), std::move(anonymous), std::move(user)}, at);
        seen->second = std::min(seen->second, at);
    }
}

void StitchIdentities::clear() {
    m_known.clear();
    m_seen.clear();
}

/// And what was likely of these devices goes.
Result<void> StitchIdentities::keep_known(WritableWarehouse& db, Micros now) const {
    Page page = Page::of({"anonymous_id", "user_id", "method", "confidence", "evidence",
                          "first_seen_at", "last_seen_at", "updated_at"});
    for (const auto& [pair, span] : m_known) {
        page.add_borrowed(Value::of(std::string_view(pair.anonymous)));
        page.add_borrowed(Value::of(std::string_view(pair.user)));
        page.add_borrowed(Value::of("deterministic"));
        page.add_borrowed({warehouse::ValueKind::Real, 0, "1"});
        page.add_borrowed(Value::of("both ids in one event"));
        page.add_borrowed(Value::of(span.first));
        page.add_borrowed(Value::of(span.last));
        page.add_borrowed(Value::of(now));
    }
    if (auto done = db.upsert(identities_table, widen, page); !done)
        return done;
    for (auto at = m_known.begin(); at != m_known.end();) {
        std::vector<Value> devices;
        std::string list;
        for (; at != m_known.end() && devices.size() < parameters_max; ++at) {
            devices.push_back(Value::of(std::string_view(at->first.anonymous)));
            list += (list.empty() ? "$" : ",$") + std::to_string(devices.size());
        }
        const auto gone =
            db.execute("DELETE FROM " + db.quoted(identities_table) +
                           " WHERE method = 'probabilistic' AND anonymous_id IN (" + list + ")",
                       devices);
        if (!gone)
            return gone.error();
    }
    return {};
}

Result<void> StitchIdentities::keep_signals(WritableWarehouse& db, Micros now) const {
    const std::vector<std::string> columns = {"seen", "signal", "anonymous_id", "user_id",
                                              "first_seen_at"};
    std::map<std::string, std::map<Seen, Micros>::const_iterator> by_key; // writers' order
    for (auto seen = m_seen.begin(); seen != m_seen.end(); ++seen)
        by_key.emplace(seen_key(seen->first.signal, seen->first.anonymous, seen->first.user), seen);
    Page page = Page::of(columns);
    std::vector<const Seen*> rows;
    for (const auto& [key, at] : by_key) {
        const auto& [seen, first] = *at;
        page.add_borrowed(Value::of(std::string_view(key)));
        page.add_borrowed(Value::of(std::string_view(seen.signal)));
        page.add_borrowed(Value::of(std::string_view(seen.anonymous)));
        page.add_borrowed(text_or_null(seen.user));
        page.add_borrowed(Value::of(first));
        rows.push_back(&seen);
    }
    const auto added = db.insert_new(identity_signals_table, "seen", page);
    if (!added)
        return added.error();
    if (added->size() < rows.size())
        if (auto done = db.upsert(identity_signals_table, earlier, page); !done)
            return done;
    std::map<std::string, std::int64_t> fresh; // new devices, of each signal
    for (const std::size_t row : *added)
        ++fresh[rows[row]->signal];
    return find_likely_owners(db, fresh, now);
}

Result<std::uint64_t> StitchIdentities::write(WritableWarehouse& db, Micros now) {
    if (m_known.empty() && m_seen.empty())
        return std::uint64_t{0};
    auto done = take_turn(db);
    if (done)
        done = keep_known(db, now);
    if (done)
        done = keep_signals(db, now);
    return done ? Result<std::uint64_t>(0) : Result<std::uint64_t>(done.error());
}

} // namespace weir::sandbox
