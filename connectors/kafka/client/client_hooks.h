// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What librdkafka calls back while it connects: before it does, for a login that Weir does for it
// (login/login_relay.h), for a token, and to hear whether a certificate is to be trusted. The
// verdict stays OpenSSL's; only its reason is kept, which librdkafka drops. Inside connectors/kafka
// only.
//
// Thread contract: trouble() from any thread; the callbacks come from librdkafka's own threads.
#pragma once

#include <librdkafka/rdkafka.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "connectors/base/result.h"
#include "connectors/kafka/login/login_relay.h"
#include "connectors/kafka/login/oauth.h"

namespace weir::kafka {

/// Gets what a group gives (RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) or takes.
using RebalanceHook =
    std::function<void(rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t* partitions)>;

class ClientHooks {
  public:
    /// Errors: Config (of OAUTHBEARER, and where Weir logs in: of TLS, of a secret).
    static Result<std::shared_ptr<ClientHooks>> create(const ConnectionOptions& options,
                                                       SecretResolver secrets);

    /// Takes the configuration's opaque; *this must outlive the client.
    void attach(rd_kafka_conf_t* conf);
    /// Once for each client, after rd_kafka_new().
    Result<void> start(rd_kafka_t* client);

    /// Asked before every connection, with the broker's name ("ssl://HOST:PORT/1"); false: it is
    /// not made, and tried again later. May block. Before attach().
    void guard_connections(std::function<bool(const std::string& broker)> may_connect) {
        m_may_connect = std::move(may_connect);
    }

    /// A group's partitions were given or taken; called by whoever polls. Before attach().
    void hear_of_rebalances(RebalanceHook rebalance) { m_rebalance = std::move(rebalance); }

    /// Gets every line of the log; empty: they are dropped. Before attach().
    void listen(std::function<void(const char* line)> listen) { m_listen = std::move(listen); }
    static void on_log(const rd_kafka_t* client, int level, const char* facility, const char* line);

    /// Weir connects, speaks TLS and logs in; librdkafka is to know of plaintext only.
    bool logs_in() const { return m_relay != nullptr; }

    /// Why there is no login or token, or why the last certificate was refused; empty if neither.
    std::string trouble() const;

  private:
    ClientHooks() = default;
    static void on_token(rd_kafka_t* client, const char* config, void* opaque);
    static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t err,
                             rd_kafka_topic_partition_list_t* partitions, void* opaque);
    static int on_connect(int socket, const struct sockaddr* address, int size, const char* broker,
                          void* opaque);
    static int on_certificate(rd_kafka_t* client, const char* broker, std::int32_t broker_id,
                              int* x509_error, int depth, const char* certificate, std::size_t size,
                              char* why, std::size_t why_size, void* opaque);

    std::shared_ptr<TokenSource> m_tokens;                 // null but for OAUTHBEARER
    std::shared_ptr<LoginRelay> m_relay;                   // null: librdkafka logs in
    std::function<bool(const std::string&)> m_may_connect; // null: always
    RebalanceHook m_rebalance;                             // null: librdkafka assigns
    std::function<void(const char*)> m_listen;             // null: nobody does
    bool m_tls = false;
    mutable std::mutex m_mutex;
    std::string m_certificate_trouble; // guarded by m_mutex
};

} // namespace weir::kafka
