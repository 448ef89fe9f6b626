// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/scenario.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "connectors/base/embedded.h"
#include "models/contract/schema/file_text.h"
#include "models/event/decode/timestamps.h"
#include "models/synth/session.h"
#include "models/workspace/duration.h"
#include "models/workspace/own_json.h"
#include "models/workspace/schema_check.h"

namespace weir::synth {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view folder = "resources/scenarios/";
constexpr std::string_view ending = ".json";
constexpr const char* reading_scenario = "reading the scenario";
constexpr std::int64_t duration_max_us = 315'360'000'000'000;
constexpr std::int64_t retry_after_max_us = 3'600'000'000; // well within deduplication's window

const Json& schema() {
    static const Json parsed = Json::parse(embedded_file("resources/scenario.schema.json"));
    return parsed;
}

Error mistake(const std::string& pointer, std::string what, std::string advice) {
    return {ErrorCode::Config, std::move(what), pointer, reading_scenario, std::move(advice)};
}

/// Which members a trouble takes beside those that all take.
struct Members {
    Trouble trouble;
    std::vector<const char*> needed;
    std::vector<std::string_view> optional;
};

const std::vector<Members>& members() {
    static const std::vector<Members> all = {{Trouble::NewAppVersion, {"app_version"}, {}},
                                             {Trouble::SkewedClock, {}, {"ahead", "behind"}},
                                             {Trouble::LateBatch, {"until"}, {}},
                                             {Trouble::RetrySameId, {}, {"after"}},
                                             {Trouble::RetryNewId, {}, {"after"}},
                                             {Trouble::Oversize, {}, {"bytes"}},
                                             {Trouble::Burst, {"factor"}, {}},
                                             {Trouble::StalledWorker, {"stage"}, {}},
                                             {Trouble::SlowWorker, {"stage", "events_per_s"}, {}},
                                             {Trouble::SilentDrop, {"stage"}, {}}};
    return all;
}

std::optional<Trouble> trouble_of(std::string_view word) {
    for (int i = 0; i < trouble_count; ++i)
        if (to_word(static_cast<Trouble>(i)) == word)
            return static_cast<Trouble>(i);
    return std::nullopt;
}

/// REQUIRES: check_durations() found nothing.
Micros duration_in(const Json& object, const char* name, Micros otherwise) {
    const auto at = object.find(name);
    if (at == object.end())
        return otherwise;
    return Micros(parse_duration_us(at->get<std::string>()).value_or(0));
}

std::optional<Error> check_durations(const Json& object, const std::string& pointer) {
    for (const char* name : {"duration", "from", "until", "after", "ahead", "behind"}) {
        const auto at = object.find(name);
        if (at != object.end() &&
            parse_duration_us(at->get<std::string>()).value_or(INT64_MAX) > duration_max_us)
            return mistake(pointer + "/" + name, "it is longer than ten years",
                           "Say something shorter.");
    }
    return std::nullopt;
}

std::uint32_t millionths(double share) {
    return static_cast<std::uint32_t>(std::lround(share * 1e6));
}

std::vector<std::string> words_in(const Json& object, const char* name) {
    return object.value(name, std::vector<std::string>());
}

std::optional<Error> check_members(const Json& fault, Trouble trouble, const std::string& pointer) {
    Members known{trouble, {}, {}};
    for (const Members& one : members())
        if (one.trouble == trouble)
            known = one;
    const std::string word(to_word(trouble));
    for (const char* name : known.needed)
        if (!fault.contains(name))
            return mistake(pointer, word + " needs \"" + name + "\"", "Add it.");
    known.optional.insert(known.optional.end(), known.needed.begin(), known.needed.end());
    for (const char* name :
         {"app_version", "ahead", "behind", "after", "bytes", "factor", "stage", "events_per_s"})
        if (fault.contains(name) &&
            std::find(known.optional.begin(), known.optional.end(), name) == known.optional.end())
            return mistake(pointer + "/" + name, word + " has no \"" + name + "\"",
                           "Leave it out.");
    const bool of_all = is_incident(trouble) || trouble == Trouble::Burst;
    for (const char* name : {"share", "where"})
        if (of_all && trouble != Trouble::SilentDrop && fault.contains(name))
            return mistake(pointer + "/" + name, word + " happens to all events alike",
                           "Leave it out.");
    if (trouble == Trouble::SkewedClock && fault.contains("ahead") == fault.contains("behind"))
        return mistake(pointer, "a skewed clock is either ahead or behind",
                       "Say \"ahead\" or \"behind\".");
    return std::nullopt;
}

Result<PlannedTrouble> read_trouble(const Json& fault, const std::string& pointer) {
    PlannedTrouble plan;
    plan.trouble = trouble_of(fault["fault"].get<std::string>()).value_or(Trouble::AdBlocker);
    auto error = check_members(fault, plan.trouble, pointer);
    if (!error)
        error = check_durations(fault, pointer);
    if (error)
        return *error;
    plan.per_million = millionths(fault.value("share", 1.0));
    plan.from = duration_in(fault, "from", plan.from);
    plan.until = duration_in(fault, "until", plan.until);
    if (plan.until <= plan.from)
        return mistake(pointer + "/until", "it ends before it begins", "Let it end later.");
    if (const auto where = fault.find("where"); where != fault.end())
        plan.where = {words_in(*where, "type"), words_in(*where, "platform"),
                      words_in(*where, "app_version")};
    plan.app_version = fault.value("app_version", "");
    plan.skew = duration_in(fault, "ahead", Micros(0)) - duration_in(fault, "behind", Micros(0));
    plan.after = duration_in(fault, "after", plan.after);
    if (plan.after.value() > retry_after_max_us)
        return mistake(pointer + "/after", "a retry comes within an hour", "Let it come sooner.");
    plan.bytes = fault.value("bytes", std::size_t{1'000'000});
    plan.factor = fault.value("factor", 1.0);
    plan.events_per_s = fault.value("events_per_s", 0.0);
    plan.stage = fault.value("stage", "");
    return plan;
}

void read_rhythm(const Json& json, Rhythm& rhythm) {
    rhythm.hours = json.value("hours", rhythm.hours);
    rhythm.weekdays = json.value("weekdays", rhythm.weekdays);
}

void read_platforms(const Json& json, Mix& mix) {
    for (const Json& one : json)
        for (std::size_t i = 0; i < client_platform_count; ++i) {
            if (one["platform"] != to_word(static_cast<Platform>(i)))
                continue;
            mix.platforms[i] = one["weight"].get<std::uint32_t>();
            mix.versions[i].clear();
            for (const Json& version : one.value("app_versions", Json::array()))
                mix.versions[i].push_back({version["app_version"].get<std::string>(),
                                           version["weight"].get<std::uint32_t>()});
        }
}

/// Each listed one; the others all happen. Of nothing at all nothing could be told.
std::optional<Error> read_types(const Json& json, Mix& mix) {
    for (const Json& one : json)
        for (std::size_t i = 0; i < step_count; ++i)
            if (one["type"] == info_of(static_cast<Step>(i)).type)
                mix.keep_per_million[i] = millionths(one["keep"].get<double>());
    const auto& keep = mix.keep_per_million;
    if (std::all_of(keep.begin(), keep.end(), [](std::uint32_t one) { return one == 0; }))
        return mistake("/population/types", "no event ever happens", "Keep some of a type.");
    return std::nullopt;
}

Result<Scenario> read(const Json& json) {
    if (auto error = check_durations(json, ""))
        return *error;
    Scenario scenario;
    scenario.name = json["name"].get<std::string>();
    scenario.events_per_s = json["events_per_s"].get<double>();
    scenario.duration = duration_in(json, "duration", Micros(0));
    if (const auto start = json.find("start"); start != json.end())
        if (!parse_rfc3339(start->get<std::string>(), true, scenario.start))
            return mistake("/start", "it is no time", "Write it as 2026-01-31T12:00:00Z.");
    if (const auto population = json.find("population"); population != json.end()) {
        scenario.users = population->value("users", scenario.users);
        scenario.sessions = population->value("sessions", scenario.sessions);
        if (const auto rhythm = population->find("rhythm"); rhythm != population->end())
            read_rhythm(*rhythm, scenario.rhythm);
        read_platforms(population->value("platforms", Json::array()), scenario.mix);
        if (auto error = read_types(population->value("types", Json::array()), scenario.mix))
            return *error;
    }
    const Json none = Json::array();
    const Json& faults = json.contains("faults") ? json["faults"] : none;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        auto plan = read_trouble(faults[i], "/faults/" + std::to_string(i));
        if (!plan)
            return plan.error();
        scenario.troubles.push_back(std::move(*plan));
    }
    return scenario;
}

} // namespace

std::string_view to_word(Trouble trouble) {
    constexpr std::string_view words[trouble_count] = {
        "ad_blocker",    "silent_client",   "new_app_version", "skewed_clock",   "late_batch",
        "retry_same_id", "retry_new_id",    "missing_field",   "wrong_type",     "out_of_range",
        "unknown_type",  "unknown_version", "bad_time",        "broken_json",    "bad_encoding",
        "not_json",      "oversize",        "burst",           "stalled_worker", "slow_worker",
        "silent_drop",   "broker_outage"};
    return words[static_cast<std::size_t>(trouble)];
}

TroubleSet all_incidents() {
    TroubleSet all = 0;
    for (int i = 0; i < trouble_count; ++i)
        if (is_incident(static_cast<Trouble>(i)))
            all |= bit_of(static_cast<Trouble>(i));
    return all;
}

Rhythm Rhythm::flat() {
    Rhythm rhythm;
    rhythm.hours.fill(100);
    rhythm.weekdays.fill(100);
    return rhythm;
}

Result<Scenario> Scenario::parse(const std::string& text, const std::string& file) {
    const auto document = parse_own_json(text, file, reading_scenario);
    if (!document)
        return document.error();
    if (auto error = check_against_schema(schema(), *document)) {
        error->where = file + "#" + error->where;
        error->tried = reading_scenario;
        return *error;
    }
    auto scenario = read(*document);
    if (!scenario) {
        Error error = scenario.error();
        error.where = file + "#" + error.where;
        return error;
    }
    return scenario;
}

Result<Scenario> Scenario::load(const std::string& file_or_name) {
    const std::string built_in_file = std::string(folder) + file_or_name + std::string(ending);
    for (const std::string& name : built_in())
        if (name == file_or_name)
            return parse(std::string(embedded_file(built_in_file)), built_in_file);
    const auto text = schema::read_file_text(file_or_name, file_bytes_max);
    if (text)
        return parse(*text, file_or_name);
    Error error = text.error();
    error.tried = reading_scenario;
    if (error.code == ErrorCode::NotFound) {
        error.advice = "Name a file, or one of";
        for (const std::string& name : built_in())
            error.advice += " " + name;
        error.advice += ".";
    }
    return error;
}

std::vector<std::string> Scenario::built_in() {
    std::vector<std::string> names;
    for (const auto& [path, text] : embedded_files()) {
        const std::string_view file(path);
        if (file.substr(0, folder.size()) == folder && file.size() > folder.size() + ending.size())
            names.emplace_back(
                file.substr(folder.size(), file.size() - folder.size() - ending.size()));
    }
    return names;
}

} // namespace weir::synth
