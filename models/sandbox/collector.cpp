// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/collector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <unordered_map>

#include "models/event/search/hit_json.h"
#include "models/sandbox/dead_letter.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/micro_answers.h"

namespace weir::sandbox {

namespace {

constexpr int retry_broker_s = 5;
constexpr int retry_room_s = 1;
constexpr std::size_t scope_bytes_max = 200;

struct Call {
    std::string_view path;
    Door door;
    std::string_view call; // of Segment: what the path says the event is
};

constexpr std::array<Call, 20> calls = {{
    {"/events", Door::Events, ""},
    {"/v1/batch", Door::Segment, ""},
    {"/v1/b", Door::Segment, ""},
    {"/v1/import", Door::Segment, ""},
    {"/beacon/v1/batch", Door::Segment, ""}, // RudderStack's, with sendBeacon
    {"/v1/track", Door::Segment, "track"},
    {"/v1/t", Door::Segment, "track"},
    {"/v1/identify", Door::Segment, "identify"},
    {"/v1/i", Door::Segment, "identify"},
    {"/v1/page", Door::Segment, "page"},
    {"/v1/p", Door::Segment, "page"},
    {"/v1/screen", Door::Segment, "screen"},
    {"/v1/s", Door::Segment, "screen"},
    {"/v1/group", Door::Segment, "group"},
    {"/v1/g", Door::Segment, "group"},
    {"/v1/alias", Door::Segment, "alias"},
    {"/v1/a", Door::Segment, "alias"},
    {"/v1/merge", Door::Segment, "merge"},
    {"/com.snowplowanalytics.snowplow/tp2", Door::Snowplow, ""},
    {"/i", Door::SnowplowPixel, ""},
}};

std::string_view without_slash(std::string_view path) {
    while (path.size() > 1 && path.back() == '/')
        path.remove_suffix(1);
    return path;
}

const Call* call_of(std::string_view path) {
    path = without_slash(path);
    const auto* const found =
        std::find_if(calls.begin(), calls.end(), [&](const Call& c) { return c.path == path; });
    return found == calls.end() ? nullptr : found;
}

/// "KEY" of "/v1/projects/KEY/settings"; empty for any other path.
std::string_view settings_key(std::string_view path) {
    constexpr std::string_view before = "/v1/projects/";
    constexpr std::string_view after = "/settings";
    if (path.size() <= before.size() + after.size() || path.substr(0, before.size()) != before ||
        path.substr(path.size() - after.size()) != after)
        return {};
    return path.substr(before.size(), path.size() - before.size() - after.size());
}

bool asks_for_settings(std::string_view path) {
    return !settings_key(path).empty() || without_slash(path) == "/sourceConfig";
}

bool reads(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

http::Response settings(const http::Request& request) {
    const std::string_view key = settings_key(request.path);
    return key.empty() ? rudderstack_settings(write_key_of(request))
                       : segment_settings(request, key);
}

/// Of these events, in their order.
template <class Events>
std::vector<OutgoingRecord> records_of(const Batch& batch, const Events& events,
                                       std::size_t dead_letter_bytes, std::string& dead_letters) {
    std::vector<OutgoingRecord> records;
    records.reserve(events.size());
    std::vector<Stretch> letters;
    for (const JudgedEvent& event : events) {
        if (event.good()) {
            records.push_back({Topic::Raw, event.key, batch.value_of(event)});
            continue;
        }
        const std::size_t begin = dead_letters.size();
        append_dead_letter(batch, event, dead_letters, dead_letter_bytes - event.key.size());
        letters.push_back({begin, dead_letters.size() - begin});
        records.push_back({Topic::Invalid, event.key, {}});
    }
    std::size_t next = 0; // views only once the text has stopped moving
    for (OutgoingRecord& record : records)
        if (record.topic == Topic::Invalid) {
            const Stretch& letter = letters[next++];
            record.value = std::string_view(dead_letters).substr(letter.begin, letter.length);
        }
    return records;
}

/// What the outlet takes is less, where its topics take less.
CollectorOptions within(const OutletLimits& outlet, CollectorOptions options) {
    BatchLimits& batch = options.batch;
    batch.record_bytes = std::min(batch.record_bytes, outlet.raw_bytes);
    batch.event_bytes = std::min(batch.event_bytes, outlet.raw_bytes);
    batch.dead_letter_bytes = std::min(batch.dead_letter_bytes, outlet.invalid_bytes);
    return options;
}

} // namespace

/// A judge for the length of a request.
struct Collector::JudgeLease {
    explicit JudgeLease(Collector& c)
        : collector(c) {
        const std::lock_guard lock(c.m_judges_mutex);
        if (!c.m_judges.empty()) {
            judge = std::move(c.m_judges.back());
            c.m_judges.pop_back();
        }
    }
    ~JudgeLease() {
        const std::lock_guard lock(collector.m_judges_mutex);
        collector.m_judges.push_back(std::move(judge));
    }
    JudgeLease(const JudgeLease&) = delete;
    JudgeLease& operator=(const JudgeLease&) = delete;
    Judge& get() {
        if (!judge)
            judge = collector.m_make_judge();
        return *judge;
    }
    Collector& collector;
    std::unique_ptr<Judge> judge;
};

Collector::Collector(CollectorOptions options, Outlet& outlet, JudgeMaker judges)
    : m_options(within(outlet.limits(), options))
    , m_outlet(outlet)
    , m_make_judge(std::move(judges))
    , m_limiter(options.rate)
    , m_micro(options.micro) {}

Collector::~Collector() = default;

void Collector::set_server_stats(std::function<http::ServerStats()> stats) {
    const std::lock_guard lock(m_stats_mutex);
    m_server_stats = std::move(stats);
}

void Collector::set_more_metrics(std::function<void(http::OpenMetrics&)> append) {
    const std::lock_guard lock(m_stats_mutex);
    m_more_metrics = std::move(append);
}

void Collector::handle(http::Request&& request, http::Responder responder) {
    const Call* const call = call_of(request.path);
    if (call == nullptr && !asks_for_settings(request.path))
        return responder(ask(request));
    const bool is_read = call == nullptr || call->door == Door::SnowplowPixel;
    const char* const allowed = is_read ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
    if (request.method == "OPTIONS")
        return responder(preflight(request, allowed));
    const bool right = is_read ? reads(request) : request.method == "POST";
    const bool asks_only = request.method == "HEAD"; // it sends nothing
    if (right && call != nullptr && !asks_only)
        return collect(call->door, call->call, std::move(request), std::move(responder));
    http::Response response = !right            ? not_allowed(request, allowed)
                              : call != nullptr ? batch_answer(Batch(), call->door)
                                                : settings(request);
    allow_origin(request, response);
    responder(std::move(response));
}

bool Collector::read_events(Batch& batch, Door door, std::string_view call, Unreadable& why) {
    JudgeLease judge(*this);
    judge.get().begin(batch.request.received);
    switch (door) {
    case Door::Segment:
        batch.dialect = Dialect::Segment;
        return decode_segment(batch, call, judge.get(), m_options.batch, why);
    case Door::Snowplow:
        batch.dialect = Dialect::Snowplow;
        return decode_snowplow(batch, judge.get(), m_options.batch, why);
    case Door::SnowplowPixel:
        batch.dialect = Dialect::Snowplow;
        return decode_snowplow_query(batch, judge.get(), m_options.batch, why);
    default:
        return decode_native(batch, judge.get(), m_options.batch, why);
    }
}

void Collector::decode(Batch& batch, Door door, std::string_view call) {
    Unreadable why;
    if (!read_events(batch, door, call, why))
        keep_unreadable(batch, std::move(why));
}

void Collector::collect(Door door, std::string_view call, http::Request&& request,
                        http::Responder responder) {
    const auto batch = std::make_shared<Batch>();
    batch->request = std::move(request);
    batch->received_time = rfc3339(batch->request.received);
    batch->scope = batch->request.header("x-weir-scope").substr(0, scope_bytes_max);
    decode(*batch, door, call);
    http::Response refused;
    if (batch->events.empty()) // a vendor's empty batch is no mistake
        refused = batch_answer(*batch, door);
    else if (const double wait_s = over_rate(*batch); wait_s > 0)
        refused = refusal(429, "this source sends more events than it may; nothing was written",
                          static_cast<int>(std::ceil(wait_s)));
    else
        return write(batch, door, std::make_shared<http::Responder>(std::move(responder)));
    m_metrics.count_request(refused.status);
    allow_origin(batch->request, refused);
    responder(std::move(refused));
}

/// Seconds until the batch may come again; 0: it may pass. Who names no source is known by its
/// address.
double Collector::over_rate(const Batch& batch) {
    if (!m_limiter.limits())
        return 0;
    std::vector<RateLimiter::Share> shares;
    std::unordered_map<std::string_view, std::size_t> places; // in `shares`
    for (const JudgedEvent& event : batch.events) {
        const std::string_view source = event.source.empty() ? batch.request.remote : event.source;
        const auto [found, added] = places.try_emplace(source, shares.size());
        if (added)
            shares.push_back({source, 0});
        ++shares[found->second].events;
    }
    return m_limiter.take(shares);
}

void Collector::write(const std::shared_ptr<Batch>& batch, Door door, const Answer& answer) {
    std::string dead_letters;
    const auto records =
        records_of(*batch, batch->events, m_options.batch.dead_letter_bytes, dead_letters);
    m_outlet.write(records, [this, batch, door, answer](const WriteResult& result) {
        if (result.too_large.empty())
            respond(batch, door, result.how, answer);
        else
            keep_too_large(batch, result.too_large, door, answer);
    });
}

/// The topic takes less than it did when it was asked: those events are refused after all, and kept
/// as dead letters. A dead letter that is too large itself is counted, and no more.
void Collector::keep_too_large(const std::shared_ptr<Batch>& batch,
                               const std::vector<std::size_t>& which, Door door,
                               const Answer& answer) {
    std::vector<std::reference_wrapper<const JudgedEvent>> refused;
    for (const std::size_t index : which) {
        JudgedEvent& event = batch->events[index];
        if (!event.good())
            continue;
        refuse_as_too_large(event);
        refused.push_back(event);
    }
    std::string dead_letters;
    const auto records =
        records_of(*batch, refused, m_options.batch.dead_letter_bytes, dead_letters);
    m_outlet.write(records, [this, batch, door, answer](const WriteResult& result) {
        const bool none = result.how == Written::NoRoom; // but the good ones are written
        respond(batch, door, none ? Written::Failed : result.how, answer);
    });
}

void Collector::respond(const std::shared_ptr<const Batch>& batch, Door door, Written how,
                        const Answer& answer) {
    http::Response response = written(batch, door, how);
    m_metrics.count_request(response.status);
    allow_origin(batch->request, response);
    (*answer)(std::move(response));
}

http::Response Collector::written(const std::shared_ptr<const Batch>& batch, Door door,
                                  Written how) {
    switch (how) {
    case Written::NoRoom:
        return refusal(503, "there is no room for more events now; nothing was written",
                       retry_room_s);
    case Written::NoBroker:
        return refusal(503, "the broker does not answer: send all of it again", retry_broker_s);
    case Written::Failed:
        return refusal(503, "the broker did not take all events: send all of it again",
                       retry_broker_s);
    default:
        break;
    }
    m_metrics.count(*batch);
    m_micro.add(batch);
    return batch_answer(*batch, door);
}

http::Response Collector::ask(const http::Request& request) {
    if (request.path == "/health" || request.path == "/metrics") {
        if (!reads(request))
            return not_allowed(request, "GET, HEAD");
        return request.path == "/health" ? health() : metrics();
    }
    if (is_micro_path(request.path))
        return micro_answer(request, m_micro);
    return refusal(404, "there is nothing at " + request.path +
                            "; events go to /events, /v1/batch, /v1/track, … and "
                            "/com.snowplowanalytics.snowplow/tp2, questions to /health, /metrics "
                            "and /micro/all, /micro/good, /micro/bad, /micro/reset");
}

http::Response Collector::health() const {
    const OutletStats out = m_outlet.stats();
    http::Response response;
    response.status = out.silent ? 503 : 200;
    response.content_type = "application/json";
    response.body = std::string("{\"status\":") + (out.silent ? "\"no_broker\"" : "\"ok\"") +
                    ",\"unacknowledged\":" + std::to_string(out.records) + "}\n";
    return response;
}

http::Response Collector::metrics() const {
    http::Response response;
    response.content_type = http::open_metrics_type;
    using Metric = http::OpenMetrics::Kind;
    http::OpenMetrics page(response.body);
    append_counts(m_metrics.counts(), page);
    const OutletStats outlet = m_outlet.stats();
    page.single(Metric::Gauge, "collector_unacknowledged_events",
                "Records sent to the broker and not acknowledged yet.", outlet.records);
    page.single(Metric::Gauge, "collector_unacknowledged_bytes", "The same in bytes.",
                outlet.bytes);
    page.single(Metric::Gauge, "collector_broker_silent",
                "1 while the broker acknowledges nothing.", outlet.silent ? 1 : 0);
    std::function<http::ServerStats()> server_stats;
    {
        const std::lock_guard lock(m_stats_mutex);
        server_stats = m_server_stats;
        if (m_more_metrics)
            m_more_metrics(page);
    }
    if (server_stats) {
        const http::ServerStats server = server_stats();
        page.single(Metric::Gauge, "http_connections_open", "Connections now.", server.open);
        page.single(Metric::Counter, "http_connections", "Connections ever.", server.connections);
        page.single(Metric::Counter, "http_connections_turned_away", "Over the limit.",
                    server.turned_away);
        page.single(Metric::Counter, "http_requests", "Requests read.", server.requests);
        page.single(Metric::Counter, "http_requests_malformed", "No HTTP.", server.malformed);
        page.single(Metric::Counter, "http_requests_too_large", "Over a limit of bytes.",
                    server.too_large);
        page.single(Metric::Counter, "http_requests_without_room",
                    "Bodies for which there was no room.", server.no_room);
        page.single(Metric::Counter, "http_requests_timed_out", "Too slow.", server.timed_out);
        page.single(Metric::Gauge, "http_held_bytes", "Bodies not answered yet.",
                    server.held_bytes);
    }
    page.end();
    return response;
}

} // namespace weir::sandbox
