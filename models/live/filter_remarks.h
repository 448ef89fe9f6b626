// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a filter may match nothing of what is in memory: a path that no event has, with what was
// probably meant; a field or a text that cannot be found, as what is personal is masked.
// Thread contract: any thread, also the GUI's. Bound: rows_looked_into_max rows of
// row_bytes_max bytes, and what stands around them in records of record_bytes_max bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/filter/filter.h"
#include "models/event/store/event_store.h"

namespace weir {

inline constexpr std::uint32_t rows_looked_into_max = 256;
inline constexpr std::uint32_t row_bytes_max = 16u << 10;
inline constexpr std::uint32_t record_bytes_max = 256u << 10;

/// Sentences, each once; none: there is nothing to remark. Looks into the newest rows of `lanes`.
/// `decoder` tells where a dialect's fields lie; null: they are not looked for.
std::vector<std::string>
filter_remarks(const Filter& filter, const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes,
               const std::shared_ptr<const Vocabulary>& vocabulary,
               const std::shared_ptr<const DisclosurePolicy>& policy, Decoder* decoder);

} // namespace weir
