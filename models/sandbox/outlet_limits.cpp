// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/outlet_limits.h"

#include "models/sandbox/record_limits.h"

namespace weir::sandbox {

namespace {

Error unfit(const RecordLimit& limit, const kafka::SandboxTicket& ticket, const std::string& why,
            const std::string& advice) {
    return {ErrorCode::Config, "topic " + limit.topic + " " + why, ticket.connection().name,
            "opening the collector's topics", advice};
}

Result<std::size_t> record_bytes(const RecordLimit& limit, const kafka::SandboxTicket& ticket) {
    if (limit.compacted)
        return unfit(limit, ticket, "is compacted: of the events of a session only the last stays",
                     "Set its cleanup.policy to delete.");
    const std::size_t left = std::min(limit.bytes(), OutletLimits::record_bytes_max);
    if (left < OutletLimits::record_bytes_min)
        return unfit(limit, ticket,
                     "takes no more than " + std::to_string(limit.told_bytes) + " bytes a record",
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
    const auto cluster = kafka::Cluster::open(ticket.connection(), ticket.secrets());
    if (!cluster)
        return cluster.error();
    const auto told = record_limits(*cluster, {raw_topic, invalid_topic}, timeout);
    const auto raw = record_bytes(told.front(), ticket);
    if (!raw)
        return raw.error();
    const auto invalid = record_bytes(told.back(), ticket);
    if (!invalid)
        return invalid.error();
    limits.raw_bytes = *raw;
    limits.invalid_bytes = *invalid;
    return limits;
}

} // namespace weir::sandbox
