// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/truth.h"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "models/event/search/hit_json.h"

namespace weir::synth {
namespace {

using Json = nlohmann::ordered_json;

static_assert(trouble_count <= 32);

constexpr std::string_view fate_words[fate_count] = {"warehouse", "invalid", "never_sent", "lost",
                                                     "duplicate"};

Json incident_json(const PlannedTrouble& plan, const TruthHead& head, Micros duration) {
    Json json{{"incident", to_word(plan.trouble)}};
    if (!plan.stage.empty())
        json["stage"] = plan.stage;
    if (plan.trouble == Trouble::SilentDrop)
        json["share"] = plan.per_million / 1e6;
    if (plan.trouble == Trouble::SlowWorker)
        json["events_per_s"] = plan.events_per_s;
    json["from"] = rfc3339(head.begin + plan.from);
    json["until"] = rfc3339(head.begin + std::min(plan.until, duration));
    json["carried_out"] = (head.carried_out & bit_of(plan.trouble)) != 0;
    return json;
}

} // namespace

std::string_view to_word(Fate fate) {
    return fate_words[static_cast<std::size_t>(fate)];
}

bool from_word(std::string_view word, Fate& fate) {
    const auto* const at = std::find(std::begin(fate_words), std::end(fate_words), word);
    if (at == std::end(fate_words))
        return false;
    fate = static_cast<Fate>(at - std::begin(fate_words));
    return true;
}

std::string TruthWriter::head(const TruthHead& head, const Scenario& scenario) {
    const Json json{{"weir_truth", 1},
                    {"scenario", scenario.name},
                    {"seed", head.seed},
                    {"events_per_s", head.events_per_s},
                    {"begin", rfc3339(head.begin)},
                    {"until", rfc3339(head.begin + scenario.duration)},
                    {"live", head.live},
                    {"assumes", {{"contracts", "demo"}, {"without_contract", "refuse"}}}};
    std::string lines = json.dump() + "\n";
    for (const PlannedTrouble& plan : scenario.troubles)
        if (is_incident(plan.trouble))
            lines += incident_json(plan, head, scenario.duration).dump() + "\n";
    return lines;
}

void TruthWriter::name(std::string_view name) {
    m_out.add(m_out.size() == 0 ? '{' : ',');
    m_out.quoted(name);
    m_out.add(':');
}

void TruthWriter::add(std::string_view member, std::string_view value) {
    name(member);
    m_out.quoted(value);
}

void TruthWriter::add(std::string_view member, Micros time) {
    name(member);
    m_out.time(time);
}

void TruthWriter::add_troubles(TroubleSet troubles) {
    name("faults");
    char before = '[';
    for (int i = 0; i < trouble_count; ++i)
        if ((troubles & bit_of(static_cast<Trouble>(i))) != 0) {
            ++m_totals.troubles[i];
            m_out.add(before);
            m_out.quoted(to_word(static_cast<Trouble>(i)));
            before = ',';
        }
    m_out.add(']');
}

std::string_view TruthWriter::ended() {
    m_out.add("}\n");
    return m_out.view();
}

std::string_view TruthWriter::line(const EventTruth& truth) {
    ++m_totals.events;
    ++m_totals.fates[static_cast<std::size_t>(truth.fate)];
    m_out.clear();
    add("event", truth.id);
    add("type", truth.type);
    add("fate", to_word(truth.fate));
    if (truth.fate == Fate::Invalid) {
        add("reason", to_word(truth.reason));
        add("pointer", truth.pointer);
    }
    if (truth.fate == Fate::Lost)
        add("lost_by", truth.lost_by);
    if (truth.troubles != 0)
        add_troubles(truth.troubles);
    if (!truth.of.empty())
        add("of", truth.of);
    if (!truth.order.empty())
        add("order_id", truth.order);
    if (!truth.user.empty())
        add("user_id", truth.user);
    add("session", truth.session);
    add("platform", truth.platform);
    add("app_version", truth.app_version);
    add("event_time", truth.event_time);
    add("sent_at", truth.sent_at);
    return ended();
}

std::string_view TruthWriter::line(const OrderTruth& truth) {
    ++m_totals.orders;
    m_out.clear();
    add("order", truth.id);
    add("user_id", truth.user);
    add("time", truth.time);
    name("total"); // digits, as the order's events write it
    m_out.add('"');
    m_out.cents(truth.total_cents);
    m_out.add('"');
    add("currency", truth.currency);
    add("platform", truth.platform);
    return ended();
}

std::string_view TruthWriter::line(const UserTruth& truth) {
    ++m_totals.users;
    m_out.clear();
    add("user", truth.id);
    add("time", truth.time);
    add("platform", truth.platform);
    return ended();
}

void TruthWriter::add_or_null(std::string_view member, std::string_view value) {
    name(member);
    if (value.empty())
        m_out.add("null");
    else
        m_out.quoted(value);
}

std::string_view TruthWriter::line(const AttributionTruth& truth) {
    ++m_totals.attributions;
    m_out.clear();
    add("attribution", truth.user);
    add("at_event", truth.event);
    add("time", truth.time);
    name("campaign");
    m_out.add(truth.landing.campaign.empty() ? "null" : truth.landing.campaign);
    add_or_null("referrer", truth.landing.referrer);
    add_or_null("landing_page", truth.landing.page);
    return ended();
}

std::string TruthWriter::end(const TruthEnd& end) const {
    Json json{{"end", end.whole ? "whole" : "interrupted"}, {"events", m_totals.events}};
    for (int i = 0; i < fate_count; ++i)
        json[std::string(fate_words[i])] = m_totals.fates[i];
    json["orders"] = m_totals.orders;
    json["users"] = m_totals.users;
    json["attributions"] = m_totals.attributions;
    Json& faults = json["faults"] = Json::object();
    for (int i = 0; i < trouble_count; ++i)
        if (m_totals.troubles[i] > 0)
            faults[std::string(to_word(static_cast<Trouble>(i)))] = m_totals.troubles[i];
    if (end.not_held > 0)
        json["not_held"] = end.not_held;
    return json.dump() + "\n";
}

ViolationReason reason_of(Fault fault, std::string_view pointer) {
    switch (fault) {
    case Fault::MissingField: // an event that names no type is of none that a contract knows
        return pointer == "/event_type" ? ViolationReason::UnknownType
                                        : ViolationReason::MissingRequired;
    case Fault::WrongType:
        return ViolationReason::WrongType;
    case Fault::OutOfRange:
        return ViolationReason::OutOfRange;
    case Fault::UnknownType:
        return ViolationReason::UnknownType;
    case Fault::UnknownVersion:
        return ViolationReason::UnknownVersion;
    case Fault::BadTime:
        return ViolationReason::Format;
    case Fault::None:
    case Fault::BrokenJson:
    case Fault::BadEncoding:
    case Fault::NotJson:
        break;
    }
    return ViolationReason::NotJson;
}

} // namespace weir::synth
