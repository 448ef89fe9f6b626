// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/answers.h"

#include "models/sandbox/event_taker.h"

namespace weir::sandbox {

namespace {

constexpr const char* json_type = "application/json";

/// The smallest picture: one transparent pixel.
constexpr std::string_view pixel("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00"
                                 "!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00"
                                 "\x00\x02\x02\x44\x01\x00;",
                                 43);

void append_events(const Batch& batch, Verdict::Outcome outcome, std::string& out) {
    bool first = true;
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
        const JudgedEvent& event = batch.events[i];
        if (event.outcome != outcome)
            continue;
        out += first ? "{\"index\":" : ",{\"index\":";
        first = false;
        out += std::to_string(i) + ",\"event_type\":";
        append_json_string(event.type, out);
        out += ",\"violations\":[";
        for (std::size_t k = 0; k < event.violations.size(); ++k) {
            out += k > 0 ? "," : "";
            append_violation_json(event.violations[k], out);
        }
        out += "]}";
    }
}

http::Response events_answer(const Batch& batch) {
    const std::size_t accepted = batch.good_count();
    http::Response response;
    response.status = accepted > 0 ? 202 : 400;
    response.content_type = json_type;
    response.body = "{\"accepted\":" + std::to_string(accepted) + ",\"rejected\":[";
    append_events(batch, Verdict::Outcome::Refused, response.body);
    response.body += "]";
    std::string flagged;
    append_events(batch, Verdict::Outcome::Flagged, flagged);
    if (!flagged.empty())
        response.body += ",\"flagged\":[" + flagged + "]";
    response.body += "}\n";
    return response;
}

} // namespace

http::Response batch_answer(const Batch& batch, Door door) {
    if (batch.unreadable)
        return refusal(batch.unreadable->status, batch.unreadable->why);
    http::Response response;
    switch (door) {
    case Door::Segment:
        response.content_type = json_type;
        response.body = "{\"success\":true}\n";
        return response;
    case Door::Snowplow:
        response.content_type = "text/plain; charset=utf-8";
        response.body = "ok";
        return response;
    case Door::SnowplowPixel:
        response.content_type = "image/gif";
        response.body = pixel;
        response.headers.push_back({"Cache-Control", "no-cache, no-store, must-revalidate"});
        return response;
    default:
        return events_answer(batch);
    }
}

http::Response refusal(int status, std::string_view why, int retry_s) {
    http::Response response;
    response.status = status;
    response.content_type = json_type;
    response.body =
        "{\"code\":\"" + std::to_string(status) + "\",\"message\":" + json_string(why) + "}\n";
    if (retry_s > 0)
        response.headers.push_back({"Retry-After", std::to_string(retry_s)});
    return response;
}

http::Response not_allowed(const http::Request& request, const char* allowed) {
    http::Response response =
        refusal(405, request.method + " is not for " + request.path + "; there is: " + allowed);
    response.headers.push_back({"Allow", allowed});
    return response;
}

void allow_origin(const http::Request& request, http::Response& response) {
    const std::string_view origin = request.header("origin");
    if (origin.empty())
        return;
    response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
    response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
    response.headers.push_back({"Access-Control-Expose-Headers", "Retry-After"});
    response.headers.push_back({"Vary", "Origin"});
}

http::Response preflight(const http::Request& request, const char* allowed) {
    http::Response response;
    response.status = 204;
    allow_origin(request, response);
    response.headers.push_back({"Allow", allowed});
    if (request.header("origin").empty())
        return response;
    response.headers.push_back({"Access-Control-Allow-Methods", allowed});
    const std::string_view wanted = request.header("access-control-request-headers");
    response.headers.push_back(
        {"Access-Control-Allow-Headers", wanted.empty() ? "Content-Type" : std::string(wanted)});
    // A page of a public site asks for leave to reach a machine of the local network, or this one.
    if (request.header("access-control-request-private-network") == "true")
        response.headers.push_back({"Access-Control-Allow-Private-Network", "true"});
    response.headers.push_back({"Access-Control-Max-Age", "600"});
    return response;
}

http::Response segment_settings(const http::Request& request, std::string_view write_key) {
    http::Response response;
    response.content_type = json_type;
    response.body = "{\"integrations\":{\"Segment.io\":{\"apiKey\":" + json_string(write_key) +
                    ",\"apiHost\":" + json_string(std::string(request.header("host")) + "/v1") +
                    ",\"protocol\":" + json_string(request.secure ? "https" : "http") +
                    ",\"unbundledIntegrations\":[],\"addBundledMetadata\":false}},"
                    "\"plan\":{\"track\":{\"__default\":{\"enabled\":true,\"integrations\":{}}},"
                    "\"identify\":{\"__default\":{\"enabled\":true}},"
                    "\"group\":{\"__default\":{\"enabled\":true}}},"
                    "\"edgeFunction\":{},\"analyticsNextEnabled\":true,\"middlewareSettings\":{},"
                    "\"enabledMiddleware\":{},\"metrics\":{\"sampleRate\":0},"
                    "\"legacyVideoPluginsEnabled\":false,\"remotePlugins\":[]}\n";
    return response;
}

http::Response rudderstack_settings(std::string_view write_key) {
    if (write_key.empty())
        return refusal(400, "no write key: it is the user of basic authorization, or ?writeKey=");
    http::Response response;
    response.content_type = json_type;
    const std::string key = json_string(write_key);
    response.body = "{\"source\":{\"id\":" + key + ",\"name\":" + key + ",\"writeKey\":" + key +
                    ",\"enabled\":true,\"workspaceId\":\"weir\",\"config\":{\"statsCollection\":"
                    "{\"errors\":{\"enabled\":false},\"metrics\":{\"enabled\":false}}},"
                    "\"destinations\":[],\"connections\":[],\"dataplanes\":{}}}\n";
    return response;
}

} // namespace weir::sandbox
