// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReaderStream's remedy for a client that sleeps although there is room again.
#include <algorithm>
#include <array>

#include "connectors/kafka/read/reader_stream.h"

namespace weir::kafka {

namespace {

std::string property_of(rd_kafka_t* client, const char* name) {
    std::array<char, 4096> value{};
    std::size_t size = value.size();
    // REQUIRES of librdkafka: its configuration is read, and written below, by this thread alone.
    if (rd_kafka_conf_get(rd_kafka_conf(client), name, value.data(), &size) != RD_KAFKA_CONF_OK)
        return {};
    return value.data();
}

/// The one call of librdkafka 2.0 that wakes a consumer's broker threads and asks no broker
/// anything: credentials for later connections. They stay what they are.
void wake_brokers(rd_kafka_t* client) {
    const std::string user = property_of(client, "sasl.username");
    // Kerberos takes an empty name for another one than none.
    if (user.empty() && property_of(client, "security.protocol").rfind("sasl", 0) == 0 &&
        property_of(client, "sasl.mechanisms") == "GSSAPI")
        return;
    std::string password = property_of(client, "sasl.password");
    const ErrorHandle failed(rd_kafka_sasl_set_credentials(client, user.c_str(), password.c_str()));
    std::fill(password.begin(), password.end(), '\0');
}

} // namespace

/// librdkafka below 2.2 stops fetching when its queue is full and looks at it again only when
/// something else wakes the broker's thread, up to a second later. The queue is kept short on
/// purpose (what waits in it should still be in the processor's cache), so it is full whenever the
/// reader is slower than the broker: it is woken each time the queue has run half empty.
void ReaderStream::wake_fetching(const StreamClient& client) {
    const std::size_t waiting = rd_kafka_queue_length(client.queue.get());
    m_queue_peak = std::max(m_queue_peak, waiting);
    if (m_queue_peak == 0 || waiting > m_queue_peak / 2)
        return;
    m_queue_peak = waiting;
    wake_brokers(client.client.get());
}

} // namespace weir::kafka
