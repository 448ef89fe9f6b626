// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

#include "connectors/base/time_units.h"
#include "models/synth/crowd.h"

namespace weir::synth {
namespace {

using Json = nlohmann::ordered_json;

enum Dimension : std::size_t { of_type, of_platform, of_version, of_session };
constexpr std::int64_t hours_per_day = 24;
constexpr std::int64_t hours_per_week = 7 * hours_per_day;
constexpr int natural_steps = 200'000; // that show what the shop does by itself

/// What a scenario's file may hold.
bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= 50 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._+-").find(c) != std::string_view::npos;
    });
}

/// Percent of the mean, of the hours or days that were seen; 100 for one that was not.
template <std::size_t N>
Json percent(const std::array<double, N>& events, const std::array<double, N>& seen) {
    double all = 0;
    double times = 0;
    for (std::size_t i = 0; i < N; ++i) {
        all += events[i];
        times += seen[i];
    }
    Json json = Json::array();
    for (std::size_t i = 0; i < N; ++i) {
        const double share = seen[i] > 0 && all > 0 ? events[i] / seen[i] / (all / times) : 1;
        json.push_back(std::clamp<long>(std::lround(share * 100), 1, 10'000));
    }
    return json;
}

/// Of the whole hours between the first and the last, which are not seen whole.
Json rhythm_of(const std::map<std::int64_t, std::uint64_t>& hours) {
    std::array<double, hours_per_day> by_hour{}, hours_seen{};
    std::array<double, 7> by_day{}, days_seen{};
    const std::int64_t first = hours.begin()->first + 1;
    const std::int64_t last = hours.rbegin()->first;
    for (std::int64_t hour = first; hour < last; ++hour) {
        const auto found = hours.find(hour);
        const double events = found == hours.end() ? 0 : static_cast<double>(found->second);
        const auto in_day = static_cast<std::size_t>(hour % hours_per_day);
        const auto day = static_cast<std::size_t>((hour / hours_per_day + epoch_weekday) % 7);
        by_hour[in_day] += events;
        hours_seen[in_day] += 1;
        by_day[day] += events;
        days_seen[day] += 1;
    }
    Json json = Json::object();
    if (last - first >= hours_per_day)
        json["hours"] = percent(by_hour, hours_seen);
    if (last - first >= hours_per_week)
        json["weekdays"] = percent(by_day, days_seen);
    return json;
}

std::uint32_t weight_of(double part, double whole) {
    return static_cast<std::uint32_t>(std::max<long>(1, std::lround(part / whole * 10'000)));
}

using StepCounts = std::array<double, step_count>;
using PlatformCounts = std::array<double, client_platform_count>;

/// How many steps of each kind the shop takes by itself, by the visit's platform.
std::array<StepCounts, client_platform_count> natural_steps_of(const Mix& mix) {
    std::array<StepCounts, client_platform_count> counts{};
    Crowd crowd(1, 200'000, 2'000, &mix);
    for (int i = 0; i < natural_steps; ++i) {
        Session& session = crowd.pick();
        counts[static_cast<std::size_t>(session.platform)]
              [static_cast<std::size_t>(session.step)] += 1;
        crowd.step_on(session);
    }
    return counts;
}

/// Which share of each kind of step is to be kept for the kinds to come as often as was seen.
StepCounts kept(const StepCounts& seen,
                const std::array<StepCounts, client_platform_count>& natural) {
    StepCounts keep{};
    for (std::size_t step = 0; step < step_count; ++step) {
        double steps = 0;
        for (const StepCounts& of_platform : natural)
            steps += of_platform[step];
        keep[step] = steps > 0 ? seen[step] / steps : 0;
    }
    const double most = *std::max_element(keep.begin(), keep.end());
    for (double& one : keep)
        one = most > 0 ? one / most : 1;
    return keep;
}

/// What visits there have to be for their events to come from the platforms as was seen: a visit
/// leaves more of them on one platform than on another.
StepCounts fit_mix(const StepCounts& types, const PlatformCounts& events, Mix& mix) {
    constexpr int rounds = 4;
    PlatformCounts weights = events;
    StepCounts keep{};
    for (int round = 0; round < rounds; ++round) {
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        for (std::size_t i = 0; i < client_platform_count; ++i)
            mix.platforms[i] = weights[i] > 0 ? weight_of(weights[i], sum) : 0;
        const auto natural = natural_steps_of(mix);
        keep = kept(types, natural);
        for (std::size_t i = 0; i < client_platform_count; ++i) {
            double left = 0; // but for those of the server side
            for (std::size_t step = 0; step + 1 < step_count; ++step)
                left += natural[i][step] * keep[step];
            weights[i] = left > 0 ? weights[i] / sum * events[i] / left : 0;
        }
    }
    return keep;
}

Json kept_types(const StepCounts& keep) {
    Json json = Json::array();
    for (std::size_t step = 0; step < step_count; ++step)
        json.push_back({{"type", info_of(static_cast<Step>(step)).type},
                        {"keep", std::round(keep[step] * 1e6) / 1e6}});
    return json;
}

} // namespace

std::shared_ptr<Vocabulary> Fit::vocabulary() {
    return Vocabulary::create({"type", "platform", "app_version", "session"});
}

void Fit::add(const SightingBatch& batch, const Vocabulary& vocabulary) {
    for (const Sighting& sighting : batch.sightings)
        add(sighting, vocabulary);
}

void Fit::add(const Sighting& sighting, const Vocabulary& vocabulary) {
    const bool received = sighting.received_time_state == TimeState::Present;
    if (sighting.outcome != Outcome::Seen ||
        (!received && sighting.event_time_state != TimeState::Present)) {
        ++m_counts.unreadable;
        return;
    }
    const Micros at = received ? sighting.received_time : sighting.event_time;
    const std::int64_t hour = at.value() / hour_us;
    if (m_hours.size() >= hours_max && m_hours.count(hour) == 0) {
        ++m_counts.unreadable;
        return;
    }
    const std::string type = vocabulary.dimensions[of_type]->text(sighting.dimensions[of_type]);
    bool known = false;
    for (std::size_t i = 0; i < step_count; ++i)
        known = known || info_of(static_cast<Step>(i)).type == type;
    m_first = m_counts.events == 0 ? at : std::min(m_first, at);
    m_last = m_counts.events == 0 ? at : std::max(m_last, at);
    ++m_counts.events;
    ++m_hours[hour];
    if (known)
        ++m_types[type];
    else
        ++m_counts.other_types;
    const std::string platform =
        vocabulary.dimensions[of_platform]->text(sighting.dimensions[of_platform]);
    if (platform == "web" || platform == "ios" || platform == "android")
        add_client(sighting, vocabulary, m_platforms[platform]);
}

void Fit::add_client(const Sighting& sighting, const Vocabulary& vocabulary, Platform& platform) {
    ++platform.events;
    const std::string name =
        vocabulary.dimensions[of_version]->text(sighting.dimensions[of_version]);
    const auto found = platform.versions.find(name);
    if (found == platform.versions.end() && platform.versions.size() >= values_max)
        return;
    Version& version = found == platform.versions.end() ? platform.versions[name] : found->second;
    ++version.events;
    if (version.sessions.size() < sessions_min)
        version.sessions.insert(sighting.dimensions[of_session].value());
}

nlohmann::ordered_json Fit::platform_json(std::string_view word, std::uint32_t weight) {
    const Platform& platform = m_platforms.find(word)->second;
    Json versions = Json::array();
    for (const auto& [version, seen] : platform.versions) {
        if (seen.sessions.size() >= sessions_min && is_version(version))
            versions.push_back({{"app_version", version},
                                {"weight", weight_of(static_cast<double>(seen.events),
                                                     static_cast<double>(platform.events))}});
        else
            m_counts.rare_versions += seen.events;
    }
    return {{"platform", word}, {"weight", weight}, {"app_versions", versions}};
}

Result<std::string> Fit::scenario(const std::string& name) {
    if (m_types.empty() || m_last <= m_first)
        return Error{ErrorCode::Config, "there is nothing to learn from", "", "fitting a scenario",
                     "Give it native events of the shop's types, over some time."};
    StepCounts types{};
    for (std::size_t step = 0; step < step_count; ++step)
        if (const auto found = m_types.find(info_of(static_cast<Step>(step)).type);
            found != m_types.end())
            types[step] = static_cast<double>(found->second);
    PlatformCounts events{};
    for (std::size_t i = 0; i < client_platform_count; ++i)
        if (const auto found = m_platforms.find(to_word(static_cast<synth::Platform>(i)));
            found != m_platforms.end())
            events[i] = static_cast<double>(found->second.events);
    Mix mix;
    const StepCounts keep = fit_mix(types, events, mix);
    Json platforms = Json::array();
    for (std::size_t i = 0; i < client_platform_count; ++i)
        if (mix.platforms[i] > 0)
            platforms.push_back(
                platform_json(to_word(static_cast<synth::Platform>(i)), mix.platforms[i]));
    const double seconds = static_cast<double>((m_last - m_first).value()) / 1e6;
    Json json = {{"weir_scenario", 1},
                 {"name", name},
                 {"comment", "Fitted to events that were seen."},
                 {"events_per_s", std::max(0.001, static_cast<double>(m_counts.events) / seconds)},
                 {"duration", "10 min"}};
    Json& population = json["population"] = Json::object();
    population["rhythm"] = rhythm_of(m_hours);
    if (!platforms.empty())
        population["platforms"] = platforms;
    population["types"] = kept_types(keep);
    return json.dump(2) + "\n";
}

} // namespace weir::synth
