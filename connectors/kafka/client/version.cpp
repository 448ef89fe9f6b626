// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/version.h"

#include <librdkafka/rdkafka.h>

namespace weir::kafka {

std::string librdkafka_version() {
    return rd_kafka_version_str();
}

} // namespace weir::kafka
