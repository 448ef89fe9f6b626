// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a cluster shows this user all its topics. A broker leaves out of its list what one may
// not describe and does not say so; but it does say who may not look at its own settings, and those
// who run a cluster may. (librdkafka 2.0.2 loses the error of a question about access lists.)
// Inside connectors/kafka only. Thread contract: from any thread; blocks up to the deadline.
#pragma once

#include "connectors/base/result.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {

/// False: this user does not run the cluster, so that there may be topics that are not shown.
/// Errors: Connection, Timeout, Unsupported.
Result<bool> sees_all_topics(ObservedCluster& cluster, Deadline deadline);

} // namespace weir::kafka
