// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/connection_probe.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

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
    // What comes back comes through the application's queue: the probe may be gone by then.
    const QPointer<ConnectionProbe> self(this);
    const std::shared_ptr<Ticket> ticket = m_running;
    const auto post = [self, ticket](std::function<void(ConnectionProbe&)> deliver) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, ticket, deliver = std::move(deliver)] {
                if (self && ticket->wanted)
                    deliver(*self);
            },
            Qt::QueuedConnection);
    };
    QThreadPool::globalInstance()->start([function = m_function, options, ticket, post] {
        const Result<ProbeReport> result = function(options, [&](const std::string& what) {
            post([what](ConnectionProbe& probe) {
                Q_EMIT probe.doing(QString::fromStdString(what));
            });
            return ticket->wanted.load();
        });
        post([result](ConnectionProbe& probe) {
            probe.m_running.reset();
            if (result)
                Q_EMIT probe.found(result.value());
            else
                Q_EMIT probe.failed(result.error());
        });
    });
}

void ConnectionProbe::cancel() {
    if (m_running)
        m_running->wanted = false;
    m_running.reset();
}

} // namespace weir
