// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where generated events go: stdout, a file, a topic of a sandbox, or a collector that writes one's
// topics. Never anywhere else: a cluster is written through a SandboxTicket alone.
// Thread contract: main thread. Bound: the producer's queue.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "connectors/base/record.h"
#include "connectors/base/result.h"

namespace weir::cli {

struct OutEvent {
    std::string_view key;
    std::string_view value;
    const std::vector<HeaderView>* headers = nullptr; // not null
};

class EventOutput {
  public:
    virtual ~EventOutput() = default;
    virtual Result<void> write(const OutEvent& event) = 0;
    /// All of it is out: written, or acknowledged.
    virtual Result<void> finish() = 0;
    virtual Result<void> idle() { return {}; } // nothing is due for a while
};

/// By --output, --topic, --collect and those that go with them; stdout without any. Errors: Usage,
/// and those of proving a sandbox.
Result<std::unique_ptr<EventOutput>> event_output_of(const Arguments& arguments, Console& console);

} // namespace weir::cli
