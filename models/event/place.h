// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A place is where an event can be seen: a topic, a dead-letter topic, a table, the collector's
// door. Places are numbered for the life of the process; a number is never used again.
// Thread contract: PlaceTable from any thread. Bound: 65,534 places, then id() answers the last
// one, named "(other)", and counts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/types.h"

namespace weir {

using PlaceId = Strong<struct PlaceTag, std::uint16_t>;
inline constexpr PlaceId no_place{0xFFFF};

class PlaceTable {
  public:
    PlaceTable();
    ~PlaceTable();
    PlaceTable(const PlaceTable&) = delete;
    PlaceTable& operator=(const PlaceTable&) = delete;

    /// `name` as OpenLineage has it within one connection: the topic, or schema.table.
    PlaceId id(std::string_view connection, std::string_view name);
    std::string name(PlaceId place) const;       // "raw_events"
    std::string connection(PlaceId place) const; // "prod-kafka"
    std::uint64_t overflowed() const;

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir
