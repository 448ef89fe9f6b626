// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/group_commands.h"

namespace weir {

std::string move_group_command(const CommandTarget& target, const GroupPlace& place,
                               std::int64_t offset) {
    const bool plain = target.connection.security.protocol == kafka::Protocol::Plaintext;
    return "kafka-consumer-groups.sh --bootstrap-server " +
           shell_quoted(target.connection.bootstrap) +
           (plain ? "" : " --command-config client.properties") + " --group " +
           shell_quoted(place.group) + " --topic " +
           shell_quoted(std::string(place.topic) + ":" + std::to_string(place.partition.value())) +
           " --reset-offsets --to-offset " + std::to_string(offset) + " --execute";
}

std::string skip_record_command(const CommandTarget& target, const GroupPlace& place,
                                std::int64_t offset) {
    return move_group_command(target, place, offset + 1);
}

std::string weir_lag_command(const CommandTarget& target, std::string_view group) {
    return "weir lag " + weir_connection(target) + " --group " + shell_quoted(group);
}

} // namespace weir
