// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A range of topics read through folds, for commands that tell a report of it: once when all was
// read, or again and again while they go on.
// Thread contract: main thread.
#pragma once

#include <chrono>
#include <functional>

#include "app/cli/target.h"
#include "models/event/ingest/ingest_loop.h"

namespace weir::cli {

/// The topics that are named, else those that the workspace watches. Without `watch` it ends at
/// what is there now, if the range names no other end.
kafka::ReadRequest watch_request(const Arguments& arguments, const Target& target,
                                 const Range& range, bool watch);

struct Following {
    const kafka::Reader& reader;
    const IngestLoop& loop;
    bool watch = false;
    std::chrono::milliseconds every{2'000}; // of a watch
};

/// Reads until there is no more or an interrupt comes; of a watch `tell(partial)` is called now and
/// then.
void follow(const Following& following, Console& console, const std::function<void(bool)>& tell);
/// Whether not all was read; `last`: and no more will be.
bool is_partial(const Following& following, bool last);
/// A partition cannot be read any more.
bool lost_contact(const kafka::Reader& reader);

} // namespace weir::cli
