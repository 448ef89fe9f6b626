// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads one record of a topic and decodes it, so that it can be opened as a row of the Live view is
// (EventLoader): whoever knows only where a record lies gets to see what it holds.
// Thread contract: open() and newest() from one thread; neither blocks. The record is read on a
// thread of its own, which ends by itself; the newest request wins (law 9).
// Bound: one record; read_time for reading it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "connectors/kafka/admin/admin.h"
#include "models/event/decode/decoder.h"
#include "models/event/store/segment.h"

namespace weir {

struct OpenedRecord {
    std::shared_ptr<const Segment> segment; // its row 0; null: see `error`
    std::optional<Error> error;
};

class RecordOpener {
  public:
    static constexpr std::chrono::milliseconds read_time{10'000};

    ~RecordOpener();

    /// What was asked for before is dropped. `decoders` is called on the thread that reads.
    void open(std::shared_ptr<kafka::Cluster> cluster, const kafka::TopicPartition& at,
              Offset offset, DecoderFactory decoders);
    void drop();
    /// Null: nothing was asked for, or it is not there yet.
    std::shared_ptr<const OpenedRecord> newest() const;

  private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace weir
