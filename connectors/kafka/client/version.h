// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which librdkafka this process runs with. Thread contract: any thread.
#pragma once

#include <string>

namespace weir::kafka {

/// E.g. "2.0.2".
std::string librdkafka_version();

} // namespace weir::kafka
