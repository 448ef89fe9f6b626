// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TCP connection to a broker, with TLS or without, that never blocks. Each call does what can be
// done at once; where it says Again, poll for events() and call again.
//
// Thread contract: one thread, in which SIGPIPE is blocked (OpenSSL writes without MSG_NOSIGNAL).
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>

#include "connectors/kafka/login/tls_context.h"
#include "connectors/kafka/login/unique_fd.h"

namespace weir::kafka {

/// Where a broker is: what librdkafka resolved, and the name that it goes by.
struct BrokerAddress {
    sockaddr_storage address{};
    socklen_t size = 0;
    std::string host; // a name or an address, without brackets
    std::string name; // "HOST:PORT", as the user knows it

    static BrokerAddress of(const sockaddr* address, int size, const char* name);
};

/// As librdkafka's properties of these names; 0: the system's.
struct SocketSettings {
    bool keepalive = false;
    int send_buffer_bytes = 0;
    int receive_buffer_bytes = 0;
};

class BrokerSocket {
  public:
    enum class Io { Moved, Again, Ended, Failed };

    /// `tls` null: without.
    BrokerSocket(BrokerAddress address, std::shared_ptr<const TlsContext> tls,
                 const SocketSettings& settings);

    /// Connects and shakes hands. Moved: it is done.
    Io open();
    /// REQUIRES: open() is done. `moved`: how many bytes, if Moved.
    Io read(char* into, std::size_t room, std::size_t& moved);
    Io write(std::string_view bytes, std::size_t& moved);

    int get() const { return m_socket.get(); }
    /// What to poll for after Again in open().
    short events() const { return m_events; }
    /// Whether reading waits for room to write: TLS has something of its own to send.
    bool read_wants_to_write() const { return m_read_wants_to_write; }
    /// After Failed: why, with the broker's name, in librdkafka's words; see explain.h.
    const std::string& trouble() const { return m_trouble; }

  private:
    Io connect();
    Io shake();
    Io after_tls(int result, bool shaking);
    Io failed(const std::string& why);

    const BrokerAddress m_address;
    const std::shared_ptr<const TlsContext> m_tls;
    const SocketSettings m_settings;
    UniqueFd m_socket;
    SslHandle m_session; // after the socket, which it uses
    bool m_connected = false;
    bool m_shaken = false;
    bool m_read_wants_to_write = false;
    short m_events = 0;
    std::string m_trouble;
};

} // namespace weir::kafka
