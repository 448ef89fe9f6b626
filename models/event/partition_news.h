// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader says of a partition, in one sentence for people: the same on a terminal and in the
// window.
// Thread contract: a pure function.
#pragma once

#include <string>

#include "connectors/base/record.h"

namespace weir {

/// "orders/3: the topic was deleted and made again". "" for what is everyday (ends, holes) and for
/// failures and recoveries, which are told as states.
std::string partition_news(const PartitionEvent& event);

} // namespace weir
