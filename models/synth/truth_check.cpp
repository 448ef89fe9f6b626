// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/truth_check.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <span>

#include "models/event/sighting.h"

namespace weir::synth {
namespace {

using warehouse::TableName;
using warehouse::Value;

/// As the warehouses of the sandbox call them; SQLite has no schemas.
const std::vector<std::string> events_names = {"analytics.events", "main.analytics_events"};
const std::vector<std::string> orders_names = {"public.orders", "main.orders"};
const std::vector<std::string> users_names = {"public.users", "main.users"};
const std::vector<std::string> attribution_names = {"public.attribution", "main.attribution"};

std::string text_of(const Value& value) {
    return value.kind == warehouse::ValueKind::Integer ? std::to_string(value.integer)
                                                       : std::string(value.text);
}

class Check {
  public:
    Check(const Truth& truth, warehouse::Warehouse& warehouse, const TruthCheckOptions& options)
        : m_truth(truth)
        , m_warehouse(warehouse)
        , m_options(options) {}
    Result<TruthVerdict> run();

  private:
    using EachRow = std::function<void(std::span<const Value>)>;
    /// Of a table that is not there no row is handed in.
    Result<void> read(const std::vector<std::string>& names, std::vector<std::string> columns,
                      const EachRow& each);
    void add(Difference difference, std::string id, std::string expected, std::string found);
    Result<void> events();
    void event_row(std::span<const Value> row);
    void event_counts();
    Result<void> orders();
    Result<void> users();
    Result<void> attribution();
    std::string expected_of(const Truth::Event& event) const;

    const Truth& m_truth;
    warehouse::Warehouse& m_warehouse;
    const TruthCheckOptions& m_options;
    std::vector<TableName> m_tables;
    std::vector<std::uint32_t> m_seen; // rows of each of the truth's events
    TruthVerdict m_verdict;
};

void Check::add(Difference difference, std::string id, std::string expected, std::string found) {
    if (++m_verdict.counts[static_cast<std::size_t>(difference)] <= m_options.named_max)
        m_verdict.named.push_back(
            {difference, std::move(id), std::move(expected), std::move(found)});
}

Result<void> Check::read(const std::vector<std::string>& names, std::vector<std::string> columns,
                         const EachRow& each) {
    const auto table = std::find_if(m_tables.begin(), m_tables.end(), [&](const TableName& one) {
        return std::find(names.begin(), names.end(), one.text()) != names.end();
    });
    if (table == m_tables.end()) {
        m_verdict.absent.push_back(names.front());
        return {};
    }
    warehouse::TableRead read;
    read.table = *table;
    read.columns = std::move(columns);
    read.limits.timeout = m_options.timeout;
    read.limits.rows_max = std::numeric_limits<std::size_t>::max();
    read.limits.bytes_max = std::numeric_limits<std::size_t>::max();
    read.limits.page_rows = 10'000;
    const auto rows = m_warehouse.read(std::move(read));
    for (;;) {
        if (m_options.cancelled())
            return Error{ErrorCode::Cancelled, "the comparison was ended before its end"};
        const auto page = rows->next();
        if (!page)
            return page.error();
        if (page->empty())
            return {};
        for (std::size_t i = 0; i < page->rows(); ++i)
            each(page->row(i));
    }
}

std::string Check::expected_of(const Truth::Event& event) const {
    const std::string& type = m_truth.types[event.type];
    switch (event.fate) {
    case Fate::Warehouse:
        return type;
    case Fate::Invalid:
        return type + ", refused: " + std::string(weir::to_word(event.reason));
    case Fate::NeverSent:
        return type + ", never sent";
    case Fate::Lost:
        return type + ", lost silently";
    case Fate::Duplicate:
        break;
    }
    return type + ", dropped as a duplicate";
}

void Check::event_row(std::span<const Value> row) {
    ++m_verdict.rows;
    const std::string id = text_of(row[0]);
    Uuid uuid{};
    const auto& events = m_truth.events;
    const bool is_uuid = parse_uuid(id, uuid);
    const auto at =
        is_uuid
            ? std::lower_bound(events.begin(), events.end(), uuid,
                               [](const auto& event, const Uuid& key) { return event.id < key; })
            : events.end();
    if (at == events.end() || at->id != uuid)
        return add(Difference::Unknown, id, "", text_of(row[1]));
    std::uint32_t& seen = m_seen[static_cast<std::size_t>(at - events.begin())];
    ++seen;
    if (seen == 1 && at->fate == Fate::Warehouse && m_truth.types[at->type] != text_of(row[1]))
        add(Difference::Different, id, m_truth.types[at->type], text_of(row[1]));
}

void Check::event_counts() {
    for (std::size_t i = 0; i < m_seen.size(); ++i) {
        const Truth::Event& event = m_truth.events[i];
        const bool expected = event.fate == Fate::Warehouse;
        m_verdict.events_expected += expected ? 1 : 0;
        if (expected && m_seen[i] == 0)
            add(Difference::Missing, to_text(event.id), expected_of(event), "");
        else if (expected && m_seen[i] > 1)
            add(Difference::Doubled, to_text(event.id), expected_of(event),
                std::to_string(m_seen[i]) + " rows");
        else if (!expected && m_seen[i] > 0)
            add(Difference::Unexpected, to_text(event.id), expected_of(event),
                std::to_string(m_seen[i]) + (m_seen[i] == 1 ? " row" : " rows"));
    }
}

Result<void> Check::events() {
    m_seen.assign(m_truth.events.size(), 0);
    auto done = read(events_names, {"event_id", "event_type"},
                     [this](std::span<const Value> row) { event_row(row); });
    if (done)
        event_counts();
    return done;
}

Result<void> Check::orders() {
    std::set<std::string> seen;
    auto done = read(orders_names, {"order_id", "user_id", "amount", "currency"},
                     [&](std::span<const Value> row) {
                         ++m_verdict.orders;
                         const std::string id = text_of(row[0]);
                         const std::string found =
                             text_of(row[1]) + " " + text_of(row[2]) + " " + text_of(row[3]);
                         const auto at = m_truth.orders.find(id);
                         if (at == m_truth.orders.end() || !seen.insert(id).second)
                             return add(Difference::OrderUnexpected, id, "", found);
                         const Truth::Order& order = at->second;
                         const std::string expected =
                             order.user + " " + order.total + " " + order.currency;
                         if (found != expected)
                             add(Difference::OrderDifferent, id, expected, found);
                     });
    m_verdict.orders_expected = m_truth.orders.size();
    for (const auto& [id, order] : m_truth.orders)
        if (done && seen.count(id) == 0)
            add(Difference::OrderMissing, id, order.user + " " + order.total + " " + order.currency,
                "");
    return done;
}

Result<void> Check::users() {
    std::set<std::string> seen;
    auto done = read(users_names, {"user_id"}, [&](std::span<const Value> row) {
        ++m_verdict.users;
        const std::string id = text_of(row[0]);
        if (m_truth.users.count(id) == 0 || !seen.insert(id).second)
            add(Difference::UserUnexpected, id, "", "");
    });
    m_verdict.users_expected = m_truth.users.size();
    for (const auto& [id, time] : m_truth.users)
        if (done && seen.count(id) == 0)
            add(Difference::UserMissing, id, "signed up " + time, "");
    return done;
}

/// "by 0b1f…: newsletter, email, winter_sale, https://…, /sale"; "-" is unknown.
std::string attribution_text(std::string_view event, std::span<const std::string> parts) {
    std::string text = "by " + std::string(event) + ": ";
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i > 0 ? ", " : "") + (parts[i].empty() ? "-" : parts[i]);
    return text;
}

Result<void> Check::attribution() {
    std::set<std::string> seen;
    const auto expected_of_user = [&](const Truth::Attribution& known) {
        return attribution_text(known.event, std::array{known.source, known.medium, known.campaign,
                                                        known.referrer, known.landing_page});
    };
    auto done =
        read(attribution_names,
             {"user_id", "event_id", "source", "medium", "campaign", "referrer", "landing_page"},
             [&](std::span<const Value> row) {
                 ++m_verdict.attributions;
                 const std::string id = text_of(row[0]);
                 std::array<std::string, 5> parts;
                 for (std::size_t i = 0; i < parts.size(); ++i)
                     parts[i] = text_of(row[i + 2]);
                 const std::string found = attribution_text(text_of(row[1]), parts);
                 const auto at = m_truth.attributions.find(id);
                 if (at == m_truth.attributions.end() || !seen.insert(id).second)
                     return add(Difference::AttributionUnexpected, id, "", found);
                 const std::string expected = expected_of_user(at->second);
                 if (found != expected)
                     add(Difference::AttributionDifferent, id, expected, found);
             });
    m_verdict.attributions_expected = m_truth.attributions.size();
    for (const auto& [id, known] : m_truth.attributions)
        if (done && seen.count(id) == 0)
            add(Difference::AttributionMissing, id, expected_of_user(known), "");
    return done;
}

Result<TruthVerdict> Check::run() {
    auto tables = m_warehouse.tables(m_options.timeout);
    if (!tables)
        return tables.error();
    m_tables = std::move(*tables);
    Result<void> done;
    if (m_options.events)
        done = events();
    if (done && m_options.orders)
        done = orders();
    if (done && m_options.users)
        done = users();
    if (done && m_options.attribution && m_truth.tells_attribution)
        done = attribution();
    if (!done)
        return done.error();
    std::stable_sort(m_verdict.named.begin(), m_verdict.named.end(),
                     [](const auto& a, const auto& b) { return a.difference < b.difference; });
    return std::move(m_verdict);
}

} // namespace

std::string_view to_word(Difference difference) {
    constexpr std::string_view words[difference_count] = {"missing",
                                                          "doubled",
                                                          "unexpected",
                                                          "different",
                                                          "unknown",
                                                          "order_missing",
                                                          "order_unexpected",
                                                          "order_different",
                                                          "user_missing",
                                                          "user_unexpected",
                                                          "attribution_missing",
                                                          "attribution_unexpected",
                                                          "attribution_different"};
    return words[static_cast<std::size_t>(difference)];
}

std::uint64_t TruthVerdict::differences() const {
    return std::accumulate(std::begin(counts), std::end(counts), std::uint64_t{0});
}

Result<TruthVerdict> check_truth(const Truth& truth, warehouse::Warehouse& warehouse,
                                 const TruthCheckOptions& options) {
    return Check(truth, warehouse, options).run();
}

} // namespace weir::synth
