// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever hands in records: a Kafka reader, a table, a capture, a generator.
// Thread contract: poll(i) from one thread per stream, the rest from any thread.
#pragma once

#include <chrono>

#include "connectors/base/record.h"

namespace weir {

class RecordSource {
  public:
    virtual ~RecordSource() = default;

    /// Independent streams; fixed for the source's life.
    virtual int stream_count() const = 0;

    /// Waits up to `wait` for records of stream `i`; an empty batch means none came.
    virtual RecordBatch poll(int stream, std::chrono::milliseconds wait) = 0;

    /// Nothing will come any more.
    virtual bool finished() const = 0;

    /// Wakes all polls; they return empty from now on.
    virtual void stop() = 0;
};

} // namespace weir
