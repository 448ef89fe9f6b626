// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// LinkedIn's Burrow beside Weir on a test's broker: it reads __consumer_offsets, keeps the last ten
// commits of a partition and ten ends of its log, one a second, and says on a port of the loopback
// what it makes of them. Answers are kept for a second: ask once a second at most.
//
// Thread contract: one thread, which outlives it. REQUIRES: Debian's burrow; a broker up to Kafka
// 3.9 on which a group has been (it gives up without __consumer_offsets).
#pragma once

#include <QJsonObject>

#include <memory>
#include <string>

#include "tests/support/kafka_broker.h"

namespace weir::test {

class BurrowServer {
  public:
    /// Waits until it answers. Errors: NotFound (it is not installed), Timeout.
    static Result<std::unique_ptr<BurrowServer>> start(const KafkaBroker& broker);
    ~BurrowServer();
    BurrowServer(const BurrowServer&) = delete;
    BurrowServer& operator=(const BurrowServer&) = delete;

    /// Of partition 0; -1: not known yet.
    std::int64_t end_of(const std::string& topic) const;
    std::int64_t committed(const std::string& group, const std::string& topic) const;
    /// "OK", "WARN", "STOP", "STALL", "REWIND"; "": nothing is said of it.
    std::string verdict(const std::string& group, const std::string& topic) const;

  private:
    BurrowServer() = default;
    QJsonObject ask(const std::string& what) const;

    std::string m_folder;
    int m_port = 0;
    int m_pid = 0;
};

} // namespace weir::test
