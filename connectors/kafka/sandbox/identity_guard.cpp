// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/identity_guard.h"

namespace weir::kafka {
namespace {

using namespace std::chrono_literals;

constexpr auto probe_wait = 5s;

/// Who answers: empty if nobody does.
std::string cluster_of(rd_kafka_t* client, std::chrono::milliseconds timeout) {
    char* id = rd_kafka_clusterid(client, static_cast<int>(timeout.count()));
    if (id == nullptr)
        return {};
    std::string answered = id;
    rd_kafka_mem_free(client, id);
    return answered;
}

/// "ssl://HOST:PORT/1" → "HOST:PORT"; empty for a name that is no address.
std::string address_in(const std::string& broker) {
    const std::size_t scheme = broker.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const std::string address = broker.substr(begin, broker.find('/', begin) - begin);
    return address.find(':') == std::string::npos ? std::string() : address;
}

} // namespace

Result<void> IdentityGuard::prove(rd_kafka_t* client, std::chrono::milliseconds timeout) {
    const std::string& name = ticket().connection().name;
    const std::string answered = cluster_of(client, timeout);
    if (answered.empty())
        return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "the cluster did not say who it is", name,
                           "connecting to " + ticket().connection().bootstrap);
    if (answered != ticket().cluster_id())
        return Error{ErrorCode::Refused,
                     "another cluster answers (" + answered +
                         ") than was proved to be a sandbox (" + ticket().cluster_id() + ")",
                     name, "writing", "Nothing was written."};
    m_watch->proved = true;
    return {};
}

bool IdentityGuard::Watch::may_connect(const std::string& broker) {
    if (!proved)
        return true;
    if (ended || other_answers)
        return false;
    ConnectionOptions there = ticket.connection();
    if (const std::string address = address_in(broker); !address.empty())
        there.bootstrap = address;
    const auto probe = Client::observe(there, ticket.secrets(), {});
    const std::string answered = probe ? cluster_of(probe->get(), probe_wait) : std::string();
    if (answered.empty())
        return false; // nobody there: tried again later
    other_answers = answered != ticket.cluster_id();
    return !other_answers;
}

bool IdentityGuard::left(rd_kafka_t* client) {
    const std::string id = cluster_of(client, 0ms); // as last told; no question goes out
    if (!id.empty() && id != ticket().cluster_id())
        m_watch->other_answers = true;
    return m_watch->other_answers;
}

Error IdentityGuard::refusal() const {
    return {ErrorCode::Refused, "another cluster answers than was proved to be a sandbox",
            ticket().connection().name, "writing", "Nothing more is written."};
}

} // namespace weir::kafka
