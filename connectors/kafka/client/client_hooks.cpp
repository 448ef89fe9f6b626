// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/client_hooks.h"

#include <sys/socket.h>

#include <cerrno>

#include "connectors/kafka/client/certificate_refusal.h"

namespace weir::kafka {
Result<std::shared_ptr<ClientHooks>> ClientHooks::create(const ConnectionOptions& options,
                                                         SecretResolver secrets) {
    auto relay = LoginRelay::create(options, secrets);
    if (!relay)
        return relay.error();
    auto tokens = TokenSource::create(options, std::move(secrets));
    if (!tokens)
        return tokens.error();
    std::shared_ptr<ClientHooks> hooks(new ClientHooks);
    hooks->m_tokens = std::move(tokens).value();
    hooks->m_relay = std::move(relay).value();
    hooks->m_tls = options.security.protocol == Protocol::Ssl ||
                   options.security.protocol == Protocol::SaslSsl;
    return hooks;
}

void ClientHooks::attach(rd_kafka_conf_t* conf) {
    rd_kafka_conf_set_opaque(conf, this);
    if (m_may_connect || m_relay)
        rd_kafka_conf_set_connect_cb(conf, &ClientHooks::on_connect);
    if (m_rebalance)
        rd_kafka_conf_set_rebalance_cb(conf, &ClientHooks::on_rebalance);
    if (m_tls && !m_relay)
        rd_kafka_conf_set_ssl_cert_verify_cb(conf, &ClientHooks::on_certificate);
    if (!m_tokens)
        return;
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, &ClientHooks::on_token);
    rd_kafka_conf_enable_sasl_queue(conf, 1);
}

Result<void> ClientHooks::start(rd_kafka_t* client) {
    // Tokens are refreshed in the background, so that nobody needs to poll for it.
    rd_kafka_error_t* error =
        m_tokens ? rd_kafka_sasl_background_callbacks_enable(client) : nullptr;
    if (!error)
        return {};
    Error result{.code = ErrorCode::Internal, .what = rd_kafka_error_string(error)};
    rd_kafka_error_destroy(error);
    return result;
}

std::string ClientHooks::trouble() const {
    if (m_relay)
        return m_relay->trouble();
    if (m_tokens)
        if (std::string trouble = m_tokens->trouble(); !trouble.empty())
            return trouble;
    const std::lock_guard lock(m_mutex);
    return m_certificate_trouble;
}

void ClientHooks::on_log(const rd_kafka_t* client, int, const char*, const char* line) {
    const auto* self = client ? static_cast<ClientHooks*>(rd_kafka_opaque(client)) : nullptr;
    if (self && self->m_listen && line)
        self->m_listen(line);
}

void ClientHooks::on_token(rd_kafka_t* client, const char*, void* opaque) {
    static_cast<ClientHooks*>(opaque)->m_tokens->refresh(client);
}

void ClientHooks::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t err,
                               rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    static_cast<ClientHooks*>(opaque)->m_rebalance(err, partitions);
}

int ClientHooks::on_connect(int socket, const struct sockaddr* address, int size,
                            const char* broker, void* opaque) {
    const auto& self = *static_cast<ClientHooks*>(opaque);
    if (self.m_may_connect && !self.m_may_connect(broker ? broker : ""))
        return ECONNREFUSED;
    if (self.m_relay)
        return self.m_relay->adopt(socket, address, size, broker);
    // The socket does not block: a connection that is under way is none that failed.
    const int made = ::connect(socket, address, static_cast<socklen_t>(size));
    return made == 0 || errno == EINPROGRESS ? 0 : errno;
}

int ClientHooks::on_certificate(rd_kafka_t*, const char* broker, std::int32_t, int* x509_error,
                                int depth, const char*, std::size_t, char*, std::size_t,
                                void* opaque) {
    auto& self = *static_cast<ClientHooks*>(opaque);
    if (*x509_error == 0 && depth > 0)
        return 1;
    const std::lock_guard lock(self.m_mutex);
    self.m_certificate_trouble.clear();
    if (*x509_error == 0)
        return 1;
    self.m_certificate_trouble = certificate_refusal(broker ? broker : "a broker", *x509_error);
    return 0;
}

} // namespace weir::kafka
