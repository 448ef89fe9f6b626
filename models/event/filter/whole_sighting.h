// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a store leaves out of a sighting is found again once a term asks for it.
// Thread contract: as the evaluator that asks.
#pragma once

#include "models/event/sighting.h"

namespace weir {

class WholeSighting {
  public:
    virtual ~WholeSighting() = default;
    /// The event at hand with its sent time and its replay run; valid until the next event.
    virtual const Sighting& whole() = 0;
};

} // namespace weir
