// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a request to judged events: cuts the body, parses each event once and strictly, finds out
// what it is and whose, has it judged, and makes the text that goes to the broker.
//
// Native events stay as they are but for `received_time`. Of Segment's calls each becomes an event
// of its own, with what its batch said for all of them, the client's `timestamp` kept under
// `originalTimestamp`, and `timestamp` corrected by the client's clock (its difference between
// `sentAt` and the time of receipt). Of Snowplow's payloads each event keeps its envelope.
//
// Thread contract: pure functions; the judge from the calling thread. Bound: BatchLimits.
#pragma once

#include "models/sandbox/batch.h"

namespace weir::sandbox {

/// Fills `batch.events`; `batch.request` and `batch.received_time` are there. False: see `why`.
/// A body that is no JSON is no failure of this kind but one refused event.
bool decode_native(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why);
/// `call`: the type that the path names ("track", …), empty for a batch.
bool decode_segment(Batch& batch, std::string_view call, Judge& judge, const BatchLimits& limits,
                    Unreadable& why);
bool decode_snowplow(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why);
/// Snowplow's GET: the event is the query.
bool decode_snowplow_query(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why);

/// A request of which no event could be read is kept, too, as one that is refused; one with nothing
/// in it is not. REQUIRES: a decode_…() returned false.
void keep_unreadable(Batch& batch, Unreadable&& why);

/// The write key of basic authorization ("key:"), of the query, or "".
std::string write_key_of(const http::Request& request);

} // namespace weir::sandbox
