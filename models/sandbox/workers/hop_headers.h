// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The headers that a hop through a worker leaves on a record, behind the ones it had: who
// (weir-stage), when it came (weir-in-us) and when it left (weir-out-us), so that waiting can be
// told from processing, and where the event was first written (weir-origin).
// Thread contract: one owner; the record it was made of outlives it.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/kafka/sandbox/producer.h"

namespace weir::sandbox {

class HopHeaders {
  public:
    /// Those of a record that is passed on.
    HopHeaders(const RecordBatch& batch, const Record& record, std::string_view stage, Micros in);
    /// Those of a record that the worker itself made.
    HopHeaders(std::string_view stage, Micros in);
    HopHeaders(const HopHeaders&) = delete;
    HopHeaders& operator=(const HopHeaders&) = delete;

    const std::vector<kafka::OutHeader>& list() const { return m_list; }
    /// What they take of a record.
    std::size_t bytes() const;
    /// When it leaves: what weir-out-us says, and the record's own time.
    Micros left() const { return m_left; }

  private:
    void add_hop(std::string_view stage, Micros in);

    Micros m_left;
    std::string m_origin, m_in, m_out;
    std::vector<kafka::OutHeader> m_list;
};

} // namespace weir::sandbox
