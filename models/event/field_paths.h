// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a dialect keeps the fields that have a name in every dialect: "id", "type", "session",
// "user", "event_time", … Thread contract: immutable, shared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

class FieldPaths {
  public:
    virtual ~FieldPaths() = default;
    /// Dotted paths within the event's own bytes, tried in order; empty: unknown to this dialect.
    virtual const std::vector<std::string>& paths(std::string_view field) const = 0;
};

} // namespace weir
