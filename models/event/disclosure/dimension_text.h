// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A dimension by its number and name, and its values as they may be shown. Behind the vocabulary's
// own there is one more everywhere: the partition.
// Thread contract: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/event/disclosure/disclosure.h"
#include "models/event/sighting.h"

namespace weir {

/// The dimension number of the partition: the one after the vocabulary's.
inline std::size_t partition_dimension(const Vocabulary& vocabulary) {
    return vocabulary.dimension_names.size();
}
/// Of a vocabulary's dimension, or "partition"; nothing: there is none of that name.
std::optional<std::size_t> dimension_number(const Vocabulary& vocabulary, std::string_view name);
std::string dimension_name(const Vocabulary& vocabulary, std::size_t dimension);
/// "partition, type, source, …": what there is to choose from.
std::string dimension_names_text(const Vocabulary& vocabulary);
/// A value of a dimension as it may be shown: "purchase", "(none)", "(other)", "3".
std::string dimension_value_text(const Vocabulary& vocabulary, std::size_t dimension, ValueId value,
                                 const DisclosurePolicy& disclosure);

} // namespace weir
