// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the collector says. Thread contract: pure functions. Bound: the batch's violations.
#pragma once

#include "models/sandbox/batch.h"

namespace weir::sandbox {

/// Which door a request came by: it says how it is read and how it is answered.
enum class Door : std::uint8_t { Events, Segment, Snowplow, SnowplowPixel };

/// For a batch that the broker has acknowledged. By POST /events: 202
/// {"accepted","rejected":[{"index","event_type","violations"}],"flagged":[…]}, 400 if no event is
/// good; other doors answer 200 as their vendors do. By any door: 400 or 413 to a
/// request that no event could be read from.
http::Response batch_answer(const Batch& batch, Door door);
/// {"code","message"}, as SDKs expect it, for a request of which nothing was written. `retry_s` >
/// 0: Retry-After.
http::Response refusal(int status, std::string_view why, int retry_s = 0);

/// 405, with the methods that are allowed there.
http::Response not_allowed(const http::Request& request, const char* allowed);

/// Adds what lets a web page of any origin send events here.
void allow_origin(const http::Request& request, http::Response& response);
/// The answer to a browser's question whether it may. `allowed`: the methods there.
http::Response preflight(const http::Request& request, const char* allowed);

/// What Segment's analytics.js asks for first: {"integrations":{"Segment.io":…},…}.
http::Response segment_settings(const http::Request& request, std::string_view write_key);
/// What RudderStack's SDKs ask for first: {"source":{"enabled":true,"destinations":[],…}}.
http::Response rudderstack_settings(std::string_view write_key);

} // namespace weir::sandbox
