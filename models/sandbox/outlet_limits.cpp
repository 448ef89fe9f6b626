// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/outlet_limits.h"

#include <thread>

#include "connectors/kafka/admin/admin.h"

namespace weir::sandbox {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds ask_again{100};
/// Around a key and a value: the batch's head, the record's lengths.
constexpr std::int64_t framing_bytes = 200;

/// A topic that was made a moment ago is not yet known to every broker.
std::vector<kafka::TopicConfig> settings_of(kafka::Admin& admin,
                                            const std::vector<std::string>& topics,
                                            std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    for (;;) {
        auto settings = admin.topic_configs(topics, timeout);
        const bool missing = std::any_of(settings.begin(), settings.end(), [](const auto& config) {
            return config.error && config.error->code == ErrorCode::NotFound;
        });
        if (!missing || Clock::now() >= deadline)
            return settings;
        std::this_thread::sleep_for(ask_again);
    }
}

Error unfit(const kafka::TopicConfig& config, const kafka::SandboxTicket& ticket,
            const std::string& why, const std::string& advice) {
    return {ErrorCode::Config, "topic " + config.topic + " " + why, ticket.connection().name,
            "opening the collector's topics", advice};
}

Result<std::size_t> record_bytes(const kafka::TopicConfig& config,
                                 const kafka::SandboxTicket& ticket) {
    const std::string* const policy = config.value("cleanup.policy");
    if (policy != nullptr && policy->find("compact") != std::string::npos)
        return unfit(config, ticket, "is compacted: of the events of a session only the last stays",
                     "Set its cleanup.policy to delete.");
    const auto bytes = config.number("max.message.bytes");
    if (!bytes)
        return OutletLimits::record_bytes_max;
    constexpr auto most = static_cast<std::int64_t>(OutletLimits::record_bytes_max);
    const auto left =
        static_cast<std::size_t>(std::clamp(*bytes - framing_bytes, std::int64_t{0}, most));
    if (left < OutletLimits::record_bytes_min)
        return unfit(config, ticket,
                     "takes no more than " + std::to_string(*bytes) + " bytes a record",
                     "Set its max.message.bytes to 1048588, which is usual.");
    return left;
}

} // namespace

Result<OutletLimits> outlet_limits(const kafka::SandboxTicket& ticket, const std::string& raw_topic,
                                   const std::string& invalid_topic,
                                   std::chrono::milliseconds timeout) {
    OutletLimits limits;
    if (ticket.embedded())
        return limits;
    auto cluster = kafka::Cluster::open(ticket.connection(), ticket.secrets());
    if (!cluster)
        return cluster.error();
    kafka::Admin admin(*std::move(cluster));
    const auto settings = settings_of(admin, {raw_topic, invalid_topic}, timeout);
    const auto raw = record_bytes(settings[0], ticket);
    if (!raw)
        return raw.error();
    const auto invalid = record_bytes(settings[1], ticket);
    if (!invalid)
        return invalid.error();
    limits.raw_bytes = *raw;
    limits.invalid_bytes = *invalid;
    return limits;
}

} // namespace weir::sandbox
