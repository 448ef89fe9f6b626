// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/client.h"

#include <array>

#include "connectors/kafka/client/client_hooks.h"

namespace weir::kafka {

Result<Client> Client::make(const ConnectionOptions& options, const SecretResolver& secrets,
                            Purpose purpose, const Settings& with) {
    Client client;
    if (Result<void> fine = check_options(options); !fine)
        return fine.error();
    auto hooks = ClientHooks::create(options, secrets);
    if (!hooks)
        return hooks.error();
    client.m_hooks = std::move(hooks).value();
    client.m_hooks->guard_connections(with.may_connect);
    client.m_hooks->hear_of_rebalances(with.rebalance);
    client.m_hooks->listen(with.listen);
    auto conf = build_config(options, secrets, purpose, client.m_hooks.get());
    if (!conf)
        return conf.error();
    for (const auto& [name, value] : with.settings)
        if (options.properties.count(name) == 0)
            if (auto set = set_property(conf->get(), name, value); !set)
                return set.error();
    for (const auto& [name, value] : with.fixed)
        if (auto set = set_property(conf->get(), name, value); !set)
            return set.error();
    rd_kafka_conf_set_log_cb(conf->get(), &ClientHooks::on_log);
    // Errors come as events on the main queue, so that no callback needs the client's opaque.
    rd_kafka_conf_set_events(conf->get(), with.events);
    const auto type = purpose == Purpose::Produce ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
    std::array<char, 512> why{};
    client.m_handle = {rd_kafka_new(type, conf->get(), why.data(), why.size()),
                       {client.m_hooks, purpose == Purpose::Observe && !with.may_connect &&
                                            !with.rebalance && !with.listen}};
    if (!client.m_handle)
        return Error{ErrorCode::Config,
                     std::string("no client could be made: ") + why.data(),
                     options.name,
                     "connecting to " + options.bootstrap,
                     {}};
    (void)conf->release(); // the client has taken it
    if (auto started = client.m_hooks->start(client.get()); !started)
        return started.error();
    return client;
}

std::string Client::trouble() const {
    return m_hooks ? m_hooks->trouble() : std::string();
}

} // namespace weir::kafka
