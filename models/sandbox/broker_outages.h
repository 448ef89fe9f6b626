// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lets the brokers of the cluster inside Weir be away when an incident plan has it so: connections
// break, and none is taken. What the cluster holds is there again afterwards.
//
// Thread contract: one owner; a thread of its own looks at the plan every `step`.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "connectors/kafka/sandbox/embedded.h"
#include "models/synth/incident_plan.h"

namespace weir::sandbox {

class BrokerOutages {
  public:
    static constexpr std::chrono::milliseconds step{50};

    /// `cluster` has one broker, and must outlive it.
    BrokerOutages(kafka::EmbeddedCluster& cluster, std::shared_ptr<const synth::IncidentPlan> plan);
    /// The broker is there.
    ~BrokerOutages();
    BrokerOutages(const BrokerOutages&) = delete;
    BrokerOutages& operator=(const BrokerOutages&) = delete;

  private:
    void run();
    void set_away(bool away);

    kafka::EmbeddedCluster& m_cluster;
    const std::shared_ptr<const synth::IncidentPlan> m_plan;
    bool m_away = false;
    std::mutex m_mutex; // guards m_stop
    std::condition_variable m_stopping;
    bool m_stop = false;
    std::thread m_thread; // declared last: it uses all of the above
};

} // namespace weir::sandbox
