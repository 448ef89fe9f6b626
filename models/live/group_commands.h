// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Command lines about a consumer group's place in a partition, to be copied. Those that move the
// group are for Kafka's own tool: Weir never runs them.
// Thread contract: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/live/copied_command.h"

namespace weir {

struct GroupPlace {
    std::string_view group;
    std::string_view topic;
    PartitionId partition;
};

/// Moves the group there; it takes effect only while the group has no members. A login is read
/// from the file client.properties, which the user has to have.
std::string move_group_command(const CommandTarget& target, const GroupPlace& place,
                               std::int64_t offset);
/// Past the record at `offset`.
std::string skip_record_command(const CommandTarget& target, const GroupPlace& place,
                                std::int64_t offset);
/// "weir lag … --group G"
std::string weir_lag_command(const CommandTarget& target, std::string_view group);

} // namespace weir
