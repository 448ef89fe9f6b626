// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/diagnosis.h"

#include <algorithm>
#include <thread>

#include "app/cli/diagnosis_topics.h"
#include "connectors/base/names_text.h"
#include "connectors/base/observed_ids.h"
#include "connectors/kafka/admin/broker_versions.h"
#include "connectors/kafka/admin/clock_offset.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::cli {

namespace {

using State = CheckResult::State;

constexpr std::int64_t clock_allowed_us = 1'000'000;
constexpr std::chrono::milliseconds versions_wait{3'000};
constexpr std::chrono::milliseconds silent_wait{2'000};

const char* security_text(const kafka::Security& security) {
    switch (security.protocol) {
    case kafka::Protocol::Plaintext:
        return "neither encrypted nor logged in (PLAINTEXT)";
    case kafka::Protocol::Ssl:
        return "encrypted (TLS)";
    case kafka::Protocol::SaslPlaintext:
        return "logged in, not encrypted (SASL_PLAINTEXT)";
    case kafka::Protocol::SaslSsl:
        return "encrypted and logged in (SASL_SSL)";
    }
    return "";
}

std::string topics_seen(const kafka::ClusterInfo& info) {
    std::vector<std::string> names;
    for (const kafka::TopicInfo& topic : info.topics)
        names.push_back(topic.name);
    std::sort(names.begin(), names.end());
    return std::to_string(names.size()) +
           (names.size() == 1 ? " topic to be seen" : " topics to be seen") +
           (names.empty() ? "" : ": " + names_text(names));
}

std::string release_text(const kafka::ReleaseRange& range) {
    if (range.from.empty())
        return "before Kafka " + range.before;
    if (range.mixed)
        return "knows all that Kafka " + range.from +
               " does, and in part what newer ones do: no "
               "plain Apache Kafka";
    if (range.before.empty())
        return "Kafka " + range.from + " or later";
    return "Kafka " + range.from + " (it lacks what " + range.before + " brought)";
}

/// Also whether every broker can be reached under the name that it advertises. False: one cannot.
bool check_brokers(kafka::Cluster& cluster, Diagnosis& out) {
    const auto versions = kafka::ask_versions(cluster, versions_wait);
    if (!versions) {
        out.findings.push_back(failed_check("broker version", versions.error()));
        return true; // nothing is known of them
    }
    std::map<std::string, std::vector<std::string>> by_release;
    for (const kafka::BrokerVersions& one : versions->answered)
        by_release[release_text(kafka::release_of(one.requests))].push_back(one.broker);
    for (const auto& [release, brokers] : by_release)
        add(out, {"broker version", by_release.size() == 1 ? State::Works : State::Warns,
                  release + ", by the requests that " + names_text(brokers) + " take" +
                      (brokers.size() == 1 ? "s" : ""),
                  by_release.size() == 1 ? "" : "Is the cluster being upgraded just now?"});
    const std::optional<Error> silence = versions->silence();
    if (silence)
        add(out, {"brokers", State::Fails, silence->what, silence->advice});
    return !silence;
}

/// Of a cluster of which nothing is said: by its mark, or as this user has marked it, though the
/// mark cannot be seen from here. One that was noted as production is none.
bool is_marked_sandbox(kafka::ConnectionOptions options, const DiagnosisRequest& request,
                       const Result<std::string>& id) {
    const ObservedIds observed;
    const auto noted = observed.find(id ? *id : std::string());
    if (!id || !noted || !noted->id.empty())
        return false;
    const auto own = observed.marked_sandboxes().find(*id);
    if (own && !own->id.empty())
        return true;
    options.environment = kafka::Environment::Sandbox;
    return kafka::prove_sandbox(options, request.secrets, request.timeout).ok();
}

void check_environment(const kafka::ConnectionOptions& options, const DiagnosisRequest& request,
                       const Result<std::string>& id, Diagnosis& out) {
    if (options.environment_assumed && is_marked_sandbox(options, request, id)) {
        add(out,
            {"environment", State::Works,
             "marked as a sandbox: weir sandbox and generate may write there; all else looks at "
             "it as at production",
             ""});
        return;
    }
    if (options.environment != kafka::Environment::Sandbox) {
        const bool staging = options.environment == kafka::Environment::Staging;
        add(out, {"environment", State::Works,
                  std::string(staging ? "staging" : "production") +
                      (options.environment_assumed ? " (assumed, as nothing is said)" : "") +
                      ": Weir never writes there",
                  ""});
        return;
    }
    const auto ticket = kafka::prove_sandbox(options, request.secrets, request.timeout);
    if (ticket)
        add(out, {"environment", State::Works, "sandbox, marked as one: Weir may write there", ""});
    else
        add(out, {"environment", State::Warns,
                  "sandbox, but Weir will not write there: " + ticket.error().what,
                  ticket.error().advice});
}

/// Signed, as in "12 ms behind".
std::string side_text(std::int64_t us) {
    return duration_text(us < 0 ? -us : us) + (us < 0 ? " behind" : " ahead");
}

void check_clock(const std::shared_ptr<kafka::Cluster>& cluster, const TopicFindings& seen,
                 const DiagnosisRequest& request, Diagnosis& out) {
    const auto wait = request.brokers_silent ? silent_wait : request.clock_wait;
    const auto offset = kafka::measure_clock(cluster, seen.readable, wait);
    if (!offset) {
        const bool ahead = seen.newest_broker_us > Micros::now().value() + clock_allowed_us;
        add(out,
            {"clock", ahead ? State::Warns : State::Unknown,
             ahead ? "a broker has stamped a record with a time that is still to come here"
                   : "not measured: brokers tell no time, and within " +
                         duration_text(wait.count() * 1000) +
                         " no record came that a broker had stamped",
             ahead ? "Compare both clocks with a time server: chronyc tracking."
                   : "It takes a record that comes while Weir looks, in a topic with "
                     "message.timestamp.type=LogAppendTime, or READ on __consumer_offsets while a "
                     "group commits."});
        return;
    }
    const bool off = offset->least_us > clock_allowed_us || offset->most_us < -clock_allowed_us;
    add(out,
        {"clock", off ? State::Warns : State::Works,
         "the broker's is between " + side_text(offset->least_us) + " and " +
             side_text(offset->most_us) + " of this computer's; measured by " +
             std::to_string(offset->records) + (offset->records == 1 ? " record" : " records") +
             " that a broker stamped while Weir looked, in " + offset->topic,
         off ? "Compare both clocks with a time server: chronyc tracking." : ""});
}

void check_group(kafka::Admin& admin, const std::string& id, const DiagnosisRequest& request,
                 Diagnosis& out) {
    const std::string check = "group " + id;
    const kafka::GroupInfo info = admin.describe_groups({id}, request.timeout).front();
    const kafka::GroupOffsets offsets = admin.committed({id}, request.timeout).front();
    const std::optional<Error>& error = info.error ? info.error : offsets.error;
    if (error && error->code == ErrorCode::NotFound) {
        add(out, {check, State::Warns, "there is none of that name",
                  "Check its name in the workspace; has it ever committed?"});
        return;
    }
    if (error) {
        CheckResult finding = failed_check(check, *error);
        if (error->code == ErrorCode::NotPermitted)
            finding.advice = "Ask for DESCRIBE on the group; it shows lag, and changes nothing.";
        add(out, finding);
        return;
    }
    add(out,
        {check, State::Works,
         std::string(kafka::to_word(info.state)) + ", " + std::to_string(info.members.size()) +
             " members, committed for " + std::to_string(offsets.offsets.size()) + " partitions",
         ""});
}

void check_groups(kafka::Admin& admin, const DiagnosisRequest& request, Diagnosis& out) {
    const auto listed = admin.groups(request.timeout);
    if (!listed && listed.error().code == ErrorCode::Unsupported)
        add(out, {"consumer groups", State::Unknown, listed.error().what, ""});
    else if (!listed)
        add(out, failed_check("consumer groups", listed.error()));
    else
        add(out, {"consumer groups", listed->missing.empty() ? State::Works : State::Warns,
                  std::to_string(listed->groups.size()) +
                      " to be seen (others may exist that we may not see)" +
                      (listed->missing.empty() ? "" : "; " + listed->missing.front().what),
                  ""});
    if (!listed)
        return;
    for (const std::string& id : request.groups) {
        const bool seen = std::any_of(listed->groups.begin(), listed->groups.end(),
                                      [&](const auto& group) { return group.id == id; });
        if (seen || request.alone)
            check_group(admin, id, request, out);
    }
}

} // namespace

const char* to_word(CheckResult::State state) {
    switch (state) {
    case State::Works:
        return "works";
    case State::Warns:
        return "warning";
    case State::Fails:
        return "fails";
    case State::Unknown:
        return "unknown";
    }
    return "unknown";
}

DiagnosisRequest diagnosis_request(const Workspace& workspace, const std::string& connection,
                                   const std::vector<std::string>& topics,
                                   const std::vector<std::string>& topic_patterns) {
    DiagnosisRequest request;
    request.connection = connection;
    request.alone = workspace.connections.size() == 1;
    if (!topics.empty() || !topic_patterns.empty()) {
        request.topics = topics;
        request.topic_patterns = topic_patterns;
        return request;
    }
    for (const Workspace::Watch& watch : workspace.watch) {
        if (watch.connection != connection)
            continue;
        request.topics.insert(request.topics.end(), watch.topics.begin(), watch.topics.end());
        request.topic_patterns.insert(request.topic_patterns.end(), watch.topic_patterns.begin(),
                                      watch.topic_patterns.end());
    }
    const auto stage_topic = [&](const std::string& place) {
        const bool table = place.find('.') != std::string::npos;
        if (!place.empty() && !table)
            request.stage_topics.push_back(place);
    };
    for (const StageSpec& stage : workspace.stages) {
        std::for_each(stage.inputs.begin(), stage.inputs.end(), stage_topic);
        std::for_each(stage.outputs.begin(), stage.outputs.end(), stage_topic);
        stage_topic(stage.dead_letter);
        if (!stage.consumer_group.empty())
            request.groups.push_back(stage.consumer_group);
    }
    return request;
}

Diagnosis diagnose(Session& session, DiagnosisRequest request) {
    Diagnosis out;
    out.connection = request.connection;
    if (const auto* options = session.workspace().connection(request.connection))
        out.address = options->bootstrap;
    const auto opened = session.cluster(request.connection);
    if (!opened) {
        Error error = opened.error();
        if (!error.where.empty())
            error.what = error.where + ": " + error.what; // which variable, which file
        add(out, failed_check("settings", error));
        out.code = exit_usage;
        return out;
    }
    const std::shared_ptr<kafka::Cluster>& cluster = *opened;
    kafka::Admin admin(cluster);
    const auto info = admin.cluster_info(request.timeout);
    if (!info) {
        add(out, failed_check("reachable", info.error()));
        out.code = exit_connection;
        return out;
    }
    add(out, {"reachable", State::Works,
              std::to_string(info->brokers.size()) +
                  (info->brokers.size() == 1 ? " broker, " : " brokers, ") + topics_seen(*info),
              ""});
    add(out, {"security", State::Works, security_text(cluster->options().security), ""});
    const auto id = admin.cluster_id(request.timeout);
    add(out, id ? CheckResult{"cluster id", State::Works, *id, ""}
                : failed_check("cluster id", id.error()));
    check_environment(cluster->options(), request, id, out);
    if (!check_brokers(*cluster, out)) {
        request.brokers_silent = true;
        request.timeout = std::min(request.timeout, silent_wait);
    }
    Diagnosis groups;
    std::thread asks_groups([&] { check_groups(admin, request, groups); });
    const TopicFindings seen = check_topics(cluster, *info, request, out);
    asks_groups.join();
    for (CheckResult& finding : groups.findings)
        add(out, std::move(finding));
    check_clock(cluster, seen, request, out);
    return out;
}

} // namespace weir::cli
