// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a filter needs to ask for violations: somebody who knows what events must look like. That is
// a contract's business, of which nothing is known here.
//
// Thread contract: one owner. Bound: its implementation's.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {

struct FilterInput;

class ViolationFinder {
  public:
    virtual ~ViolationFinder() = default;
    /// The words of the reasons for which the event breaks its contract ("missing_required"), each
    /// once; none: it breaks none, or nobody judges it. Valid until the next call.
    virtual const std::vector<std::string_view>& find(const FilterInput& input) = 0;
};

/// One for each thread that filters. Empty, or its answer null: nobody knows.
using ViolationFinders = std::function<std::unique_ptr<ViolationFinder>()>;

} // namespace weir
