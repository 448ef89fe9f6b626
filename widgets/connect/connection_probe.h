// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests a connection as the user has entered it: who answers, and what is there. The work, which
// blocks, runs on a thread of its own; cancel() only stops waiting for it, and late answers are
// dropped (law 9).
// Thread contract: GUI thread only; the ProbeFunction is called on a worker thread.
// Bound: one test that is waited for; one given up ends by its own timeouts.
#pragma once

#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"
#include "widgets/common/mailbox.h"

namespace weir {

struct ProbeReport {
    struct Topic {
        std::string name;
        int partitions = 0;
        bool internal = false;
    };
    std::string cluster_id;           // empty: could not be had
    std::size_t silent_brokers = 0;   // do not answer by the names that they advertise
    std::vector<std::string> brokers; // "1 at kafka-1:9092"
    std::vector<Topic> topics;        // by name
    std::vector<std::string> notes;   // what could not be looked at, and why
    bool marked_sandbox = false;      // it carries the marker of a sandbox of Weir's
};

/// Says what is being done; answers false when nobody waits any more.
using ProbeStep = std::function<bool(const std::string& doing)>;
using ProbeFunction =
    std::function<Result<ProbeReport>(const kafka::ConnectionOptions&, const ProbeStep&)>;

/// Asks a real cluster. Blocks up to 20 s.
Result<ProbeReport> probe_kafka(const kafka::ConnectionOptions& options, const ProbeStep& step);

class ConnectionProbe : public QObject {
    Q_OBJECT
  public:
    explicit ConnectionProbe(ProbeFunction function, QObject* parent = nullptr);
    ~ConnectionProbe() override;

    void start(const kafka::ConnectionOptions& options);
    void cancel();
    bool running() const { return m_running != nullptr; }

  Q_SIGNALS:
    void doing(const QString& what);
    void found(const weir::ProbeReport& report);
    void failed(const weir::Error& error);

  private:
    struct Ticket {
        std::atomic<bool> wanted{true};
    };
    ProbeFunction m_function;
    std::shared_ptr<Ticket> m_running;
    Mailbox m_mailbox;
};

} // namespace weir
