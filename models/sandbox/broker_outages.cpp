// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/broker_outages.h"

namespace weir::sandbox {

BrokerOutages::BrokerOutages(kafka::EmbeddedCluster& cluster,
                             std::shared_ptr<const synth::IncidentPlan> plan)
    : m_cluster(cluster)
    , m_plan(std::move(plan))
    , m_thread([this] { run(); }) {}

BrokerOutages::~BrokerOutages() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_stopping.notify_all();
    m_thread.join();
    set_away(false);
}

void BrokerOutages::set_away(bool away) {
    if (away == m_away)
        return;
    m_away = away;
    if (away)
        m_cluster.set_broker_down(1);
    else
        m_cluster.set_broker_up(1);
}

void BrokerOutages::run() {
    std::unique_lock lock(m_mutex);
    while (!m_stopping.wait_for(lock, step, [this] { return m_stop; }))
        set_away(m_plan->broker_away(Micros::now()));
}

} // namespace weir::sandbox
