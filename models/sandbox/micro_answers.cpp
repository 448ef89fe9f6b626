// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/micro_answers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "models/sandbox/answers.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/micro_event.h"

namespace weir::sandbox {

namespace {

constexpr std::string_view prefix = "/micro/";

struct Filters {
    std::optional<std::string> schema;
    std::optional<std::string> event_type;
    std::vector<std::string> contexts;
    std::optional<std::string> vendor;
    std::optional<std::string> version;
    std::size_t limit = SIZE_MAX;
};

constexpr std::array<std::string_view, 6> filter_names = {"schema", "event_type", "contexts",
                                                          "vendor", "version",    "limit"};

/// The first member that is no filter: whoever wrote it would take all events for its matches.
std::optional<std::string> unknown_filter(const JsonTape& tape) {
    for (std::uint32_t key = 1; key < tape.nodes()[0].next; key = tape.nodes()[key + 1].next) {
        std::string name = tape.unescaped(key);
        if (std::find(filter_names.begin(), filter_names.end(), name) == filter_names.end())
            return name;
    }
    return std::nullopt;
}

void read_contexts(const JsonTape& tape, std::uint32_t list, Filters& filters) {
    for (std::uint32_t node = list + 1; node < tape.nodes()[list].next;
         node = tape.nodes()[node].next)
        filters.contexts.push_back(scalar_text(tape, node));
}

/// What is wrong with the filters; "": nothing.
std::string read_filters(const http::Request& request, Filters& filters) {
    const std::string known = "schema, event_type, contexts, vendor, version, limit";
    if (request.method != "POST" || request.body.empty())
        return {};
    JsonTape tape;
    if (!tape.parse(request.body) || tape.nodes()[0].kind != JsonKind::Object)
        return "the filters must be a JSON object of " + known;
    if (const auto unknown = unknown_filter(tape))
        return "there is no filter \"" + *unknown + "\"; there are " + known;
    const auto text = [&](const char* name) -> std::optional<std::string> {
        const auto node = tape.member(0, name);
        if (!node || tape.nodes()[*node].kind == JsonKind::Null)
            return std::nullopt;
        return scalar_text(tape, *node);
    };
    filters.schema = text("schema");
    filters.event_type = text("event_type");
    filters.vendor = text("vendor");
    filters.version = text("version");
    const auto contexts = tape.member(0, "contexts");
    if (contexts && tape.nodes()[*contexts].kind == JsonKind::Array)
        read_contexts(tape, *contexts, filters);
    else if (contexts && tape.nodes()[*contexts].kind != JsonKind::Null)
        return "the filter \"contexts\" must be an array of schemas";
    if (const auto limit = text("limit")) {
        const char* const last = limit->data() + limit->size();
        const auto [end, error] = std::from_chars(limit->data(), last, filters.limit);
        if (error != std::errc() || end != last)
            return "the filter \"limit\" must be a whole number";
    }
    return {};
}

bool same_schema(std::string_view wanted, std::string_view there) {
    constexpr std::string_view scheme = "iglu:"; // users leave it out
    return wanted == there ||
           (there.substr(0, scheme.size()) == scheme && there.substr(scheme.size()) == wanted);
}

bool matches(const Filters& filters, const MicroFacts& facts) {
    if (filters.schema && !same_schema(*filters.schema, facts.schema))
        return false;
    if (filters.event_type && *filters.event_type != facts.event_type &&
        *filters.event_type != facts.code)
        return false;
    if ((filters.vendor && *filters.vendor != facts.vendor) ||
        (filters.version && *filters.version != facts.version))
        return false;
    return std::all_of(filters.contexts.begin(), filters.contexts.end(), [&](const auto& wanted) {
        return std::any_of(facts.contexts.begin(), facts.contexts.end(),
                           [&](const auto& there) { return same_schema(wanted, there); });
    });
}

http::Response json_answer(std::string body) {
    http::Response response;
    response.content_type = "application/json";
    response.body = std::move(body);
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

http::Response counts_answer(const MicroCounts& counts) {
    return json_answer("{\"total\":" + std::to_string(counts.good + counts.bad) +
                       ",\"good\":" + std::to_string(counts.good) +
                       ",\"bad\":" + std::to_string(counts.bad) + "}");
}

http::Response events_answer(const http::Request& request, const MicroStore& store, bool good,
                             const std::optional<std::string>& scope) {
    Filters filters;
    if (const std::string wrong = read_filters(request, filters); !wrong.empty())
        return refusal(400, wrong);
    std::vector<MicroEvent> found;
    for (const MicroEvent& event : store.events(good, scope))
        if (matches(filters, micro_facts(event)))
            found.push_back(event);
    // The most recent ones come first, and are those that a limit leaves.
    std::reverse(found.begin(), found.end());
    found.resize(std::min(found.size(), filters.limit), MicroEvent());
    std::string body = "[";
    for (const MicroEvent& event : found) {
        body += body.size() > 1 ? "," : "";
        good ? append_good_event(event, body) : append_bad_event(event, body);
    }
    return json_answer(body + "]");
}

} // namespace

bool is_micro_path(std::string_view path) {
    return path.substr(0, prefix.size()) == prefix;
}

http::Response micro_answer(const http::Request& request, MicroStore& store) {
    const std::string_view what = std::string_view(request.path).substr(prefix.size());
    constexpr const char* allowed = "GET, HEAD, POST, OPTIONS";
    if (request.method == "OPTIONS")
        return {204, {}, {}, {{"Allow", allowed}}};
    if (request.method != "GET" && request.method != "HEAD" && request.method != "POST")
        return not_allowed(request, allowed);
    const auto scope = http::query_value(request.query, "scope");
    if (what == "all")
        return counts_answer(store.counts(scope));
    if (what == "good" || what == "bad")
        return events_answer(request, store, what == "good", scope);
    if (what == "reset") {
        store.reset(scope);
        return counts_answer(store.counts(scope));
    }
    return refusal(404, "there is nothing at " + request.path +
                            "; there is: /micro/all, /micro/good, /micro/bad, /micro/reset");
}

} // namespace weir::sandbox
