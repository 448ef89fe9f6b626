// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/record_limits.h"

#include <algorithm>
#include <thread>

#include "connectors/kafka/admin/admin.h"

namespace weir::sandbox {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds ask_again{100};

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

} // namespace

std::vector<RecordLimit> record_limits(const std::shared_ptr<kafka::Cluster>& cluster,
                                       const std::vector<std::string>& topics,
                                       std::chrono::milliseconds timeout) {
    kafka::Admin admin(cluster);
    std::vector<RecordLimit> limits;
    for (const kafka::TopicConfig& config : settings_of(admin, topics, timeout)) {
        const std::string* const policy = config.value("cleanup.policy");
        limits.push_back({config.topic,
                          config.number("max.message.bytes").value_or(RecordLimit::usual_bytes),
                          policy != nullptr && policy->find("compact") != std::string::npos});
    }
    return limits;
}

} // namespace weir::sandbox
