// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A message's headers as librdkafka tells them. Thread contract: pure function. Bound: 65,535
// headers.
#pragma once

#include <vector>

#include <librdkafka/rdkafka.h>

#include "connectors/base/record.h"

namespace weir::kafka {

/// Appends the headers of `message`, in order; they are valid as long as it is.
void append_headers(const rd_kafka_message_t& message, std::vector<HeaderView>& headers);

} // namespace weir::kafka
