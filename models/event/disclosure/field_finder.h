// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a policy knows of an event's fields, found by what the decoder found out about the event:
// its dialect, type and version. A version that is no dimension of the workspace is not known.
//
// Thread contract: one owner. Bound: known_max answers are remembered.
#pragma once

#include <memory>
#include <unordered_map>

#include "models/event/disclosure/disclosure.h"
#include "models/event/store/segment.h"

namespace weir {

class FieldFinder {
  public:
    FieldFinder(std::shared_ptr<const Vocabulary> vocabulary,
                std::shared_ptr<const DisclosurePolicy> policy);

    EventFields of(ValueId dialect, const std::array<ValueId, max_dimensions>& dimensions);
    EventFields of(const Sighting& sighting) { return of(sighting.dialect, sighting.dimensions); }
    EventFields of(const StoredRow& row);

    static constexpr std::size_t known_max = 10'000;

  private:
    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::shared_ptr<const DisclosurePolicy> m_policy;
    const int m_version; // the dimension, or -1
    std::unordered_map<std::uint64_t, EventFields> m_known;
};

/// -1 for a version that nothing can be agreed about; nothing if none is named.
std::optional<std::int64_t> version_of(std::string_view text);

} // namespace weir
