// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection of the server, from its first byte to its last. It keeps itself alive by what it
// waits for. Inside connectors/http only: this is where Boost.Asio's types end.
// Thread contract: runs on its socket's io_context, which one thread runs. Bound: ServerCore's.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "connectors/http/server_core.h"

namespace weir::http {

/// `tls` null: plain. The context must outlive the session.
void start_session(boost::asio::ip::tcp::socket&& socket, std::shared_ptr<ServerCore> core,
                   std::shared_ptr<boost::asio::ssl::context> tls);

} // namespace weir::http
