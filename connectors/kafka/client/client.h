// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One librdkafka client and what it needs to live. Inside connectors/kafka only.
// Thread contract: observe() and write() from any thread, may block while a secret is fetched; a
// client may be used from any thread.
#pragma once

#include <functional>
#include <map>

#include "connectors/kafka/client/client_end.h"
#include "connectors/kafka/client/client_hooks.h"
#include "connectors/kafka/client/config.h"
#include "connectors/kafka/client/handles.h"
#include "connectors/kafka/client/write_leave.h"

namespace weir::kafka {

class Client {
  public:
    Client() = default;

    /// `settings` give way to the connection's own properties, `fixed` do not. `events`: what comes
    /// on the main queue, RD_KAFKA_EVENT_…. Errors: as build_config's.
    struct Settings {
        std::map<std::string, std::string> settings;
        std::map<std::string, std::string> fixed;
        int events = RD_KAFKA_EVENT_ERROR;
        /// See ClientHooks::guard_connections(). Empty: every connection is made.
        std::function<bool(const std::string& broker)> may_connect;
        /// See ClientHooks::hear_of_rebalances(). For Purpose::Join.
        RebalanceHook rebalance;
        /// Gets librdkafka's log lines, on its threads. Empty: they are dropped.
        std::function<void(const char* line)> listen;
    };
    /// One that reads, belongs to no group and creates nothing.
    static Result<Client> observe(const ConnectionOptions& options, const SecretResolver& secrets,
                                  const Settings& with) {
        return make(options, secrets, Purpose::Observe, with);
    }
    /// One that writes records (Purpose::Produce) or offsets (Purpose::Join).
    static Result<Client> write(WriteLeave, const ConnectionOptions& options,
                                const SecretResolver& secrets, Purpose purpose,
                                const Settings& with) {
        return make(options, secrets, purpose, with);
    }

    rd_kafka_t* get() const { return m_handle.get(); }
    explicit operator bool() const { return m_handle != nullptr; }
    /// Why there is no login or token, or why a certificate was refused; empty if neither.
    std::string trouble() const;

  private:
    static Result<Client> make(const ConnectionOptions& options, const SecretResolver& secrets,
                               Purpose purpose, const Settings& with);
    std::shared_ptr<ClientHooks> m_hooks; // outlives the handle
    std::unique_ptr<rd_kafka_t, EndClient> m_handle;
};

} // namespace weir::kafka
