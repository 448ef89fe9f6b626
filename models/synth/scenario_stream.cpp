// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/scenario_stream.h"

#include <algorithm>

#include "models/event/sighting.h"

namespace weir::synth {
namespace {

/// From here on every order has a number of its own; the crowd's are below, and drawn.
constexpr std::int64_t first_order = 5'000'000'000;
/// Before those ten digits: a number past 64 bits, as order systems have them at times.
constexpr std::string_view large_order_prefix = "2395844682";
constexpr std::string_view received_member = "\"received_time\":";
constexpr std::string_view tail = "}}"; // of properties, and of the event
/// Stages, as the sandbox calls them: what the first one loses it has never seen; what the last one
/// loses the others have.
constexpr std::string_view first_stage = "deduplicate";
constexpr std::string_view last_stage = "load";

bool among(const std::vector<std::string>& list, std::string_view word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view version_of(const Session& session) {
    return sender_of(session) == Platform::Server ? server_version : session.version;
}

/// The share is one of clients: what befalls a client befalls all that it does.
bool is_of_client(Trouble trouble) {
    return trouble <= Trouble::LateBatch;
}

bool is_of_content(Trouble trouble) {
    return trouble >= Trouble::MissingField && trouble <= Trouble::Oversize;
}

Fault fault_of(Trouble trouble) {
    return static_cast<Fault>(static_cast<int>(trouble) - static_cast<int>(Trouble::MissingField) +
                              static_cast<int>(Fault::MissingField));
}
static_assert(static_cast<int>(Trouble::NotJson) - static_cast<int>(Trouble::MissingField) ==
              static_cast<int>(Fault::NotJson) - static_cast<int>(Fault::MissingField));

std::vector<bool> business_keys() {
    const auto contracts = ContractSet::built_in();
    std::vector<bool> has;
    for (int step = 0; step < static_cast<int>(Step::End); ++step) {
        const StepInfo& info = info_of(static_cast<Step>(step));
        const Contract* const contract = contracts->find(info.type, info.schema_version);
        has.push_back(contract != nullptr && !contract->unique_by.empty());
    }
    return has;
}

/// Makes the event `bytes` long by a member that no contract knows. REQUIRES: it is a sound one.
void pad(std::string& value, std::size_t bytes) {
    constexpr std::string_view begin = ",\"note\":\"";
    const std::size_t missing =
        bytes - std::min(bytes, value.size() + begin.size() + 1); // and a quote
    value.resize(value.size() - tail.size());
    value.append(begin).append(missing, 'x').append("\"").append(tail);
}

} // namespace

ScenarioStream::ScenarioStream(std::shared_ptr<const Scenario> scenario, std::uint64_t seed,
                               double events_per_s, Micros begin,
                               std::shared_ptr<IncidentPlan> incidents)
    : m_scenario(std::move(scenario))
    , m_seed(seed)
    , m_begin(begin)
    , m_incidents(std::move(incidents))
    , m_clock(*m_scenario, events_per_s, begin)
    , m_crowd(seed, m_scenario->users, m_scenario->sessions, &m_scenario->mix)
    , m_chance(mix(seed ^ 0xFA7E))
    , m_has_business_key(business_keys())
    , m_next_order(first_order)
    , m_touches(std::max<std::uint32_t>(1, m_scenario->users)) {}

void ScenarioStream::Sending::show(Happening& out) {
    truth.id = id;
    truth.session = key;
    truth.of = of;
    truth.order = order;
    truth.user = user;
    truth.sent_at = at;
    out.at = at;
    out.event = &truth;
    if (truth.fate == Fate::NeverSent)
        return;
    out.key = key;
    out.value = value;
    out.headers = &headers_of(sender);
}

bool ScenarioStream::applies(const PlannedTrouble& plan, std::size_t index,
                             const Session& session) {
    const Micros elapsed = m_clock.elapsed();
    const Platform sender = sender_of(session);
    if (elapsed < plan.from || elapsed >= plan.until ||
        !among(plan.where.types, info_of(session.step).type) ||
        !among(plan.where.platforms, to_word(sender)) ||
        !among(plan.where.app_versions, version_of(session)))
        return false;
    if (!is_of_client(plan.trouble))
        return m_chance.chance(plan.per_million);
    // The same clients as long as it lasts, and others for the next one.
    return sender != Platform::Server &&
           mix(mix(m_seed + index) ^ session.anonymous) % 1'000'000 < plan.per_million;
}

/// Who has a new version of the app sends it from now on.
void ScenarioStream::dress(Session& session) {
    for (std::size_t i = 0; i < m_scenario->troubles.size(); ++i) {
        const PlannedTrouble& plan = m_scenario->troubles[i];
        if (plan.trouble == Trouble::NewAppVersion && session.version != plan.app_version &&
            applies(plan, i, session))
            session.version = plan.app_version;
    }
}

void ScenarioStream::add(const PlannedTrouble& plan, Lot& lot) {
    if (is_of_content(plan.trouble)) {
        if (lot.fault != Fault::None || lot.bytes > 0)
            return; // one is enough, and the reason is known for one only
        if (plan.trouble == Trouble::Oversize)
            lot.bytes = plan.bytes;
        else
            lot.fault = fault_of(plan.trouble);
    } else if (plan.trouble == Trouble::SkewedClock) {
        lot.skew = lot.skew + plan.skew;
    } else if (plan.trouble == Trouble::LateBatch) {
        lot.release = std::max(lot.release, m_begin + plan.until);
    } else if (plan.trouble == Trouble::RetrySameId || plan.trouble == Trouble::RetryNewId) {
        lot.retry = lot.retry == nullptr ? &plan : lot.retry;
        return; // told of the retry, not of what is sent again
    } else {
        lot.lost = true;
    }
    lot.troubles |= bit_of(plan.trouble);
}

ScenarioStream::Lot ScenarioStream::draw(const Session& session) {
    Lot lot;
    for (std::size_t i = 0; i < m_scenario->troubles.size() && !lot.lost; ++i) {
        const PlannedTrouble& plan = m_scenario->troubles[i];
        if (plan.trouble == Trouble::Burst || is_incident(plan.trouble))
            continue;
        if (plan.trouble == Trouble::NewAppVersion) {
            if (session.version == plan.app_version && sender_of(session) != Platform::Server)
                lot.troubles |= bit_of(plan.trouble);
        } else if (applies(plan, i, session)) {
            add(plan, lot);
        }
    }
    constexpr TroubleSet of_lost =
        bit_of(Trouble::AdBlocker) | bit_of(Trouble::SilentClient) | bit_of(Trouble::NewAppVersion);
    if (lot.lost)
        return {.troubles = lot.troubles & of_lost, .lost = true};
    return lot;
}

/// What the systems of record get to know, whatever becomes of the events.
void ScenarioStream::note_records(Session& session, Happening& out) {
    m_order_text.clear();
    m_user_text.clear();
    const bool buys = session.step == Step::Purchase || session.step == Step::OrderCompleted;
    const bool signs_up = session.step == Step::Signup;
    if (!buys && !signs_up)
        return;
    m_user_text = "u-" + std::to_string(1'000'000 + session.user);
    if (signs_up) {
        m_user = {m_user_text, m_clock.now(), to_word(session.platform)};
        out.user = &m_user;
        return;
    }
    const bool is_new = session.order < first_order;
    if (is_new) {
        session.order = m_next_order++;
        session.large_id = 0;
        session.order_prefix = m_chance.chance(20'000) ? large_order_prefix : std::string_view();
    }
    m_text.clear();
    write_order_number(session, m_text);
    m_order_text = m_text.view();
    m_order = {m_order_text,     m_user_text,
               m_clock.now(),    session.price_cents * session.quantity,
               session.currency, to_word(session.platform)};
    if (is_new)
        out.order = &m_order;
}

void ScenarioStream::write(Session& session, const Lot& lot) {
    const bool late = lot.release > m_clock.now();
    EventTimes times = m_crowd.times_of(session, m_clock.now());
    const Micros held = late ? lot.release - m_clock.now() : Micros(0);
    times = {times.event + lot.skew, times.sent + lot.skew + held, times.received + held};
    Sending& sending = m_current;
    sending.value = m_writer.write(session, times, lot.fault, m_crowd.random());
    sending.at = times.received;
    sending.sender = sender_of(session);
    sending.id = m_writer.id();
    sending.visit = session.id;
    sending.visitor = session.signed_in ? std::int64_t{session.user} : -1;
    sending.landing = m_writer.landing();
    m_text.clear();
    m_text.hex(session.id);
    sending.key = m_text.view();
    sending.of.clear();
    sending.order = m_order_text;
    sending.user = session.step == Step::Signup ? m_user_text : std::string();
    EventTruth& truth = sending.truth;
    truth = {};
    truth.type = info_of(session.step).type;
    truth.platform = to_word(sending.sender);
    truth.app_version = version_of(session);
    truth.event_time = times.event;
    truth.troubles = lot.troubles;
    if (lot.lost) {
        truth.fate = Fate::NeverSent;
    } else if (lot.bytes > 0) {
        pad(sending.value, lot.bytes);
        truth.fate = Fate::Invalid;
        truth.reason = ViolationReason::TooLarge;
    } else if (lot.fault != Fault::None) {
        truth.fate = Fate::Invalid;
        truth.reason = reason_of(lot.fault, m_writer.pointer());
        truth.pointer = m_writer.pointer();
    }
}

/// Whether one more can be held back; if not, that is counted.
bool ScenarioStream::has_room() {
    const bool room = m_held_bytes < held_bytes_max;
    m_not_held += room ? 0 : 1;
    return room;
}

void ScenarioStream::hold(const Sending& sending) {
    auto held = std::make_unique<Sending>(sending);
    held->number = m_held_count++;
    m_held_bytes += held->value.size();
    m_touches.hold(held->visit);
    m_held.push(std::move(held));
}

/// The event that was just written, once more.
void ScenarioStream::plan_retry(const PlannedTrouble& plan, bool has_business_key) {
    Sending again = m_current;
    again.at = again.at + plan.after;
    again.of = again.id;
    again.truth.troubles |= bit_of(plan.trouble);
    again.truth.fate = Fate::Duplicate;
    m_text.clear();
    m_text.time(again.at);
    const std::size_t received = again.value.find(received_member);
    again.value.replace(received + received_member.size(), m_text.size(), m_text.view());
    if (plan.trouble == Trouble::RetryNewId) {
        m_text.clear();
        const std::uint64_t high = m_chance.next();
        m_text.uuid(high, m_chance.next());
        again.value.replace(again.value.find(again.id), again.id.size(), m_text.view());
        again.id = m_text.view();
        if (!has_business_key) // nothing tells it from an event of its own
            again.truth.fate = Fate::Warehouse;
    }
    hold(again);
}

/// Takes what is due by `until` into m_current. False: nothing is.
bool ScenarioStream::release(Micros until) {
    if (m_held.empty() || m_held.top()->at > until)
        return false;
    m_current = *m_held.top();
    m_held_bytes -= m_current.value.size();
    m_held.pop();
    return true;
}

/// Whose next step is told of.
Session& ScenarioStream::pick() {
    for (;;) {
        Session& session = m_crowd.pick();
        const std::uint32_t keep =
            m_scenario->mix.keep_per_million[static_cast<std::size_t>(session.step)];
        if (keep >= 1'000'000 || m_chance.chance(keep))
            return session;
        step_on(session);
    }
}

void ScenarioStream::step_on(Session& session) {
    const std::uint64_t visit = session.id;
    m_crowd.step_on(session);
    if (session.id != visit)
        m_touches.end(visit);
}

/// Which ones does not depend on what else is drawn, and is the same in every run.
bool ScenarioStream::loses(const PlannedTrouble& plan, std::size_t index, EventHash id) const {
    const Micros elapsed = m_current.at - m_begin;
    const EventTruth& truth = m_current.truth;
    return plan.trouble == Trouble::SilentDrop && plan.from <= elapsed && elapsed < plan.until &&
           among(plan.where.types, truth.type) && among(plan.where.platforms, truth.platform) &&
           among(plan.where.app_versions, truth.app_version) &&
           mix(mix(m_seed + index) ^ id.value()) % 1'000'000 < plan.per_million;
}

/// What is in m_current may be lost by a worker.
void ScenarioStream::lose() {
    EventTruth& truth = m_current.truth;
    if (!m_incidents || !m_incidents->carries_out(Trouble::SilentDrop))
        return;
    const bool repeats_another = truth.fate == Fate::Duplicate && m_current.id != m_current.of;
    if (repeats_another && m_incidents->loses(first_stage, hash_event_id(m_current.of)))
        truth.fate = Fate::Warehouse; // nobody has seen what it repeats
    if (truth.fate != Fate::Warehouse)
        return;
    const EventHash id = hash_event_id(m_current.id);
    for (std::size_t i = 0; i < m_scenario->troubles.size(); ++i) {
        const PlannedTrouble& plan = m_scenario->troubles[i];
        if (!loses(plan, i, id) || !m_incidents->lose(plan.stage, id))
            continue;
        truth.fate = Fate::Lost;
        truth.lost_by = plan.stage;
        truth.troubles |= bit_of(Trouble::SilentDrop);
        return;
    }
}

/// What is in m_current happens.
void ScenarioStream::show(Happening& out) {
    lose();
    m_current.show(out);
    const EventTruth& truth = m_current.truth;
    if (truth.fate != Fate::Warehouse && truth.lost_by != last_stage)
        return;
    const Landing* const touch =
        m_touches.arrive(m_current.visit, m_current.landing, m_current.visitor);
    if (touch == nullptr)
        return;
    m_touch_user = "u-" + std::to_string(1'000'000 + m_current.visitor);
    m_touch = {m_touch_user, m_current.id, m_current.at, *touch};
    out.attribution = &m_touch;
}

/// The next step of one of the crowd. False: there is nothing to tell of it yet.
bool ScenarioStream::make(Happening& out) {
    Session& session = pick();
    out.at = m_clock.now();
    note_records(session, out);
    dress(session);
    Lot lot = draw(session);
    if (lot.release > m_clock.now() && !has_room()) {
        lot.release = Micros(0);
        lot.troubles &= ~bit_of(Trouble::LateBatch);
    }
    write(session, lot);
    const bool late = lot.release > m_clock.now();
    if (late)
        hold(m_current);
    if (lot.retry != nullptr && m_current.truth.fate == Fate::Warehouse && has_room())
        plan_retry(*lot.retry, m_has_business_key[static_cast<std::size_t>(session.step)]);
    if (!late)
        show(out);
    step_on(session);
    m_clock.step();
    return out.event != nullptr || out.order != nullptr || out.user != nullptr;
}

bool ScenarioStream::next(Happening& out) {
    for (;;) {
        out = {};
        const bool over = m_clock.elapsed() >= m_scenario->duration;
        if (release(over ? Micros(INT64_MAX) : m_clock.now())) {
            show(out);
            m_touches.release(m_current.visit);
            return true;
        }
        if (over)
            return false;
        if (make(out))
            return true;
    }
}

} // namespace weir::synth
