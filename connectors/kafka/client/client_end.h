// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a client that only reads ends. librdkafka may wait for ever for one of whose topics was
// deleted meanwhile: something on its way still refers to a partition, and its broker's thread
// waits for that (reported as its issues 3470 and 4362). Nobody who closes a window or ends a
// search is to wait with it: such a client is left behind, with all that it calls back. Inside
// connectors/kafka only. Thread contract: any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <librdkafka/rdkafka.h>

namespace weir::kafka {

class ClientHooks;

/// Runs `end` on a thread of its own and waits for it as long as `patience`. False: it had not
/// ended; it goes on alone, and what it holds is let go of when it has.
bool end_within(std::chrono::milliseconds patience, std::function<void()> end);

/// Deletes the client that `hooks` serve.
struct EndClient {
    std::shared_ptr<ClientHooks> hooks;
    /// Whether nothing that the client calls back is anybody else's, so that it may be left behind.
    bool may_stay = false;

    void operator()(rd_kafka_t* client) const;
};

} // namespace weir::kafka
