// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/base/qt_text.h"
#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/admin/broker_versions.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "connectors/secrets/secrets.h"
#include "widgets/connect/connection_probe.h"

namespace weir {
namespace {

/// In the user's language; from any thread.
constexpr std::chrono::milliseconds probe_wait{8'000};
constexpr std::chrono::milliseconds brokers_wait{4'000};
constexpr const char* embedded_address = "embedded";

Error cancelled(const std::string& name) {
    return {ErrorCode::Cancelled, tr("The test was stopped").toStdString(), name, "", "", -1};
}

std::string broker_text(const kafka::BrokerInfo& broker) {
    const std::string address = broker.host + ':' + std::to_string(broker.port);
    return tr("%1 at %2").arg(broker.id).arg(QString::fromStdString(address)).toStdString();
}

void take(const kafka::ClusterInfo& info, ProbeReport& report) {
    for (const kafka::BrokerInfo& broker : info.brokers)
        report.brokers.push_back(broker_text(broker));
    for (const kafka::TopicInfo& topic : info.topics) {
        if (topic.error) {
            report.notes.push_back(topic.name + ": " + topic.error->what);
            continue;
        }
        const bool internal = topic.name.rfind("__", 0) == 0;
        report.marked_sandbox = report.marked_sandbox || topic.name == kafka::sandbox_marker_topic;
        report.topics.push_back({topic.name, static_cast<int>(topic.partitions.size()), internal});
    }
}

/// A broker that answers at the address that was entered is read by the name that it advertises.
/// Errors: Connection, where none of them answers by that.
Result<void> reach_brokers(kafka::Cluster& cluster, ProbeReport& report) {
    const Result<kafka::BrokerAnswers> answers = kafka::ask_versions(cluster, brokers_wait);
    if (!answers)
        return answers.error();
    const std::optional<Error> silence = answers->silence();
    if (!silence)
        return {};
    if (answers->answered.empty()) {
        Error error = *silence;
        error.where = cluster.options().name;
        error.tried = tr("asking each broker by the name that it advertises").toStdString();
        return error;
    }
    report.silent_brokers = answers->silent.size();
    report.notes.push_back(silence->what + ". " + silence->advice);
    return {};
}

/// What a cluster was once observed as, it stays: whoever calls it a sandbox now must hear of it
/// before a command refuses to write there.
std::optional<std::string> closed_to_writing(const std::string& cluster_id) {
    const ObservedIds observed;
    const Result<ObservedId> known = observed.find(cluster_id);
    if (!known)
        return known.error().text();
    if (known->id.empty())
        return std::nullopt;
    const bool staging = known->environment == Environment::Staging;
    return tr("Weir does not write to it: it was observed as %1 (connection \"%2\"). If it is a "
              "sandbox, take its entry out of %3 by hand.")
        .arg(staging ? tr("staging") : tr("production"), QString::fromStdString(known->connection),
             QString::fromStdString(observed.path()))
        .toStdString();
}

/// To look is not to take for production: while nobody says what it is, a test notes nothing, and
/// what carries a sandbox's marker is not closed by one (see Cluster::cluster_id()).
kafka::ConnectionOptions looked_at(kafka::ConnectionOptions options) {
    if (options.environment_assumed)
        options.environment = kafka::Environment::Sandbox;
    options.environment_assumed = true;
    return options;
}

} // namespace

Result<ProbeReport> probe_kafka(const kafka::ConnectionOptions& options, const ProbeStep& step) {
    if (options.bootstrap == embedded_address) {
        ProbeReport report;
        report.notes.push_back(
            tr("The embedded cluster begins when it is connected to.").toStdString());
        return report;
    }
    if (!step(tr("Fetching secrets and preparing the client").toStdString()))
        return cancelled(options.name);
    // The user has just entered this connection, commands included, and asked for the test.
    Result<std::shared_ptr<kafka::Cluster>> cluster = kafka::Cluster::open(
        looked_at(options), secret_resolver(options.name, {.allow_commands = true}));
    if (!cluster)
        return cluster.error();
    if (!step(tr("Asking %1 for its brokers and topics")
                  .arg(QString::fromStdString(options.bootstrap))
                  .toStdString()))
        return cancelled(options.name);
    kafka::Admin admin(*cluster);
    const Result<kafka::ClusterInfo> info = admin.cluster_info(probe_wait);
    if (!info)
        return info.error();
    ProbeReport report;
    take(*info, report);
    if (!step(tr("Asking each broker by the name that it advertises").toStdString()))
        return cancelled(options.name);
    if (const Result<void> reached = reach_brokers(**cluster, report); !reached)
        return reached.error();
    if (!step(tr("Asking for the cluster's id").toStdString()))
        return cancelled(options.name);
    const Result<std::string> id = admin.cluster_id(probe_wait);
    if (!id) {
        report.notes.push_back(
            tr("Cluster id: %1").arg(QString::fromStdString(id.error().what)).toStdString());
        return report;
    }
    report.cluster_id = *id;
    if (options.environment == kafka::Environment::Sandbox)
        if (std::optional<std::string> closed = closed_to_writing(*id))
            report.notes.push_back(std::move(*closed));
    return report;
}

} // namespace weir
