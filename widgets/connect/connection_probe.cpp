// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/connection_probe.h"

#include "models/event/worker_thread.h"

namespace weir {

ConnectionProbe::ConnectionProbe(ProbeFunction function, QObject* parent)
    : QObject(parent)
    , m_function(std::move(function)) {}

ConnectionProbe::~ConnectionProbe() {
    cancel();
}

void ConnectionProbe::start(const kafka::ConnectionOptions& options) {
    cancel();
    m_running = std::make_shared<Ticket>();
    const std::shared_ptr<Ticket> ticket = m_running;
    // A letter is opened while the probe is there.
    const auto post = [this, slot = m_mailbox.slot(), ticket](std::function<void()> deliver) {
        Mailbox::post(slot, [ticket, deliver = std::move(deliver)] {
            if (ticket->wanted)
                deliver();
        });
    };
    start_worker([this, function = m_function, options, ticket, post] {
        const Result<ProbeReport> result = function(options, [&](const std::string& what) {
            post([this, what] { Q_EMIT doing(QString::fromStdString(what)); });
            return ticket->wanted.load();
        });
        post([this, result] {
            m_running.reset();
            if (result)
                Q_EMIT found(result.value());
            else
                Q_EMIT failed(result.error());
        });
    });
}

void ConnectionProbe::cancel() {
    if (m_running)
        m_running->wanted = false;
    m_running.reset();
}

} // namespace weir
