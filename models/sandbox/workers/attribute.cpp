// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/attribute.h"

#include <tuple>

#include "models/sandbox/enrich/enrichment.h"
#include "models/sandbox/warehouse/event_identity.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/enrich.h"
#include "models/sandbox/workers/event_times.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;
using warehouse::WritableWarehouse;

const std::vector<std::string> touch_columns = {
    "user_id",  "event_id",     "touched_at", "source",       "medium",    "campaign",
    "referrer", "landing_page", "rule",       "rule_version", "updated_at"};

constexpr const char* earlier_wins =
    "(user_id) DO UPDATE SET event_id = excluded.event_id, touched_at = excluded.touched_at, "
    "source = excluded.source, medium = excluded.medium, campaign = excluded.campaign, "
    "referrer = excluded.referrer, landing_page = excluded.landing_page, rule = excluded.rule, "
    "rule_version = excluded.rule_version, updated_at = excluded.updated_at "
    "WHERE excluded.touched_at < kept.touched_at OR (excluded.touched_at = kept.touched_at AND "
    "excluded.event_id < kept.event_id)";

StageInfo attribute_info() {
    return {.name = "attribute",
            .purpose = "Keeps with each user where the first session came from in which the user "
                       "was known: campaign, referrer, landing page.",
            .inputs = {by_user_topic},
            .outputs = {},
            .state_topic = {},
            .guarantees = {"A user has one row: the first touch by the collector's clock, in "
                           "whatever order events come.",
                           "What the first touch did not tell is null, and stays so.",
                           "Rows and offsets are one transaction of the warehouse."},
            .slo_p95_us = 10'000'000};
}

/// The touch that enrichment found at this event, if it did.
std::optional<std::uint32_t> touch_of(const JsonTape& tape) {
    const auto touch = enrichment_part(tape, "touch");
    const bool object = touch && tape.nodes()[*touch].kind == JsonKind::Object;
    return object ? touch : std::nullopt;
}

} // namespace

Attribute::Attribute(std::optional<warehouse::DatabaseTicket> warehouse,
                     OffsetFence::Options options)
    : RowStage(attribute_info(), std::move(warehouse), options) {}

void Attribute::process(const StageInput& input, StageOutput& output) {
    const auto touch = touch_of(input.tape);
    const std::string_view user = input.fields.text(input.tape, EventField::User, m_scratch);
    if (!touch || !fits_key(user)) {
        output.filter(FilterKind::NotForUs);
        return;
    }
    count_taken();
    First first{arrived_at(input), key_text(input), read_touch(input.tape, *touch)};
    const auto [known, added] = m_firsts.try_emplace(std::string(user), first);
    if (!added && std::tie(first.at, first.event) < std::tie(known->second.at, known->second.event))
        known->second = std::move(first);
}

Page Attribute::rows(Micros now) const {
    Page page = Page::of(touch_columns);
    for (const auto& [user, first] : m_firsts) {
        page.add_borrowed(Value::of(std::string_view(user)));
        page.add_borrowed(Value::of(std::string_view(first.event)));
        page.add_borrowed(Value::of(first.at));
        const Touch& touch = first.touch;
        for (const std::string* const text :
             {&touch.source, &touch.medium, &touch.campaign, &touch.referrer, &touch.landing_page})
            page.add_borrowed(text_or_null(*text));
        page.add_borrowed(Value::of(attribution_rule));
        page.add_borrowed(Value::of(std::int64_t{attribution_version}));
        page.add_borrowed(Value::of(now));
    }
    return page;
}

Result<std::uint64_t> Attribute::write(WritableWarehouse& db, Micros now) {
    const auto done = db.upsert(attribution_table, earlier_wins, rows(now));
    return done ? Result<std::uint64_t>(0) : Result<std::uint64_t>(done.error());
}

} // namespace weir::sandbox
