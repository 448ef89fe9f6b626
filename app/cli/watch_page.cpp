// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/finding/finding_changes.h"

namespace weir::cli {

namespace {

using http::OpenMetrics;
using Metric = http::OpenMetrics::Kind;

constexpr std::size_t label_bytes_max = 500; // a longer reason counts as "(other)"

std::uint64_t not_below_zero(std::int64_t count) {
    return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

/// Fits into one key, whatever the words are.
std::string key_of(std::initializer_list<std::string_view> words) {
    std::string key;
    for (const std::string_view word : words)
        key.append(std::to_string(word.size())).append(":").append(word);
    return key;
}

void add_up(bool up, const std::string& connection, OpenMetrics& page) {
    page.family(Metric::Gauge, "weir_up", "1 while the cluster answers and is read.");
    page.add({{"connection", connection}}, std::uint64_t{up ? 1U : 0U});
}

const char* class_of(const InvalidRow& row) {
    return row.bot() ? "bot" : to_word(row.key.kind);
}

struct ReasonCount {
    std::string class_word, reason;
    std::uint64_t events = 0;
};

/// Rows that read the same are one, in the order of the first of them.
std::vector<ReasonCount> by_class_and_reason(const InvalidReport& report) {
    std::vector<ReasonCount> counts;
    std::map<std::string, std::size_t> places;
    for (const InvalidRow& row : report.rows) {
        const auto [place, fresh] =
            places.emplace(key_of({class_of(row), row.reason}), counts.size());
        if (fresh)
            counts.push_back({class_of(row), row.reason});
        counts[place->second].events += row.now.events;
    }
    return counts;
}

/// The largest is exact.
void add_quantiles(const OpenMetrics::Labels& labels, const QuantileSketch& durations,
                   OpenMetrics& page) {
    if (durations.count() == 0)
        return;
    for (const auto& [word, q] :
         {std::pair{"0.5", 0.5}, {"0.95", 0.95}, {"0.99", 0.99}, {"1.0", 1.0}})
        page.add_quantile(labels, word, q < 1 ? durations.quantile(q) : durations.max_us());
}

void add_finding(const FlatFinding& flat, OpenMetrics& page) {
    const FindingScope& scope = flat.finding.scope;
    page.add({{"code", flat.finding.code},
              {"role", flat.cause_code.empty() ? "cause" : "consequence"},
              {"fate", to_word(flat.finding.fate)},
              {"connection", scope.connection},
              {"stage", scope.stage},
              {"place", scope.place},
              {"group", scope.group}},
             std::uint64_t{1});
}

} // namespace

std::uint64_t WatchPage::grown(const std::string& key, std::uint64_t count) {
    Total& total = m_totals[key];
    if (count > total.last)
        total.told += count - total.last;
    total.last = count;
    return total.told;
}

std::string WatchPage::nothing_yet(const std::string& connection) {
    std::string text;
    OpenMetrics page(text);
    add_up(false, connection, page);
    page.end();
    return text;
}

std::string WatchPage::render(const WatchLook& look) {
    std::string text;
    OpenMetrics page(text);
    m_left_out = {{"group_partitions", look.partitions_left_out}};
    add_up(look.state.up(), look.connection, page);
    add_reading(look, page);
    add_flow(look, page);
    add_latency(look, page);
    add_invalid(look, page);
    add_groups(look, page);
    add_findings(look, page);
    page.family(Metric::Gauge, "weir_left_out", "What is beyond what a page holds, by kind.");
    for (const auto& [what, count] : m_left_out)
        page.add({{"what", what}}, count);
    page.end();
    return text;
}

void WatchPage::add_reading(const WatchLook& look, OpenMetrics& page) const {
    page.family(Metric::Gauge, "weir_look_timestamp_seconds", "When all of this was looked at.",
                "seconds");
    page.add_micro({}, look.at.value());
    page.family(Metric::Gauge, "weir_read_partitions", "Partitions that are read, by state.");
    const std::size_t failing = look.state.failed + look.state.gone;
    page.add({{"state", "reading"}}, std::uint64_t{look.state.partitions - failing});
    page.add({{"state", "failed"}}, std::uint64_t{look.state.failed});
    page.add({{"state", "gone"}}, std::uint64_t{look.state.gone});
    page.single(Metric::Counter, "weir_read_records", "Records read.", look.stats.records);
    page.single(Metric::Counter, "weir_read_events", "Events read from them.", look.stats.events);
    page.single(Metric::Counter, "weir_read_undecodable", "Records in which no event was found.",
                look.stats.undecodable);
    page.family(Metric::Gauge, "weir_behind_seconds",
                "How far reading itself is behind what is written.", "seconds");
    if (look.stats.behind_us >= 0) // before the first record nobody knows
        page.add_micro({}, look.stats.behind_us);
}

void WatchPage::add_flow(const WatchLook& look, OpenMetrics& page) {
    page.family(Metric::Counter, "weir_stage_events",
                "Events that came into a stage (in), and what became of them.");
    for (const FlowRow& row : look.flow_all.rows) {
        const auto add = [&](const char* fate, std::int64_t count) {
            page.add({{"stage", row.name}, {"fate", fate}},
                     grown(key_of({"flow", row.name, fate}), not_below_zero(count)));
        };
        const FlowFigures& flow = row.figures;
        add("in", flow[FlowCount::In]);
        add("duplicate", flow.duplicate());
        add("unjoinable", flow[FlowCount::Unjoinable]);
        if (!row.judged) // nothing behind the stage is read
            continue;
        add("out", flow[FlowCount::Out]);
        add("rejected", flow[FlowCount::Rejected]);
    }
    using Figure = std::int64_t FlowFigures::*;
    struct Open {
        const char* name;
        const char* help;
        Figure figure;
    };
    for (const Open& open :
         {Open{"weir_stage_pending", "Events that may still come out.", &FlowFigures::pending},
          Open{"weir_stage_unaccounted", "Events that went in and, all being read, not out.",
               &FlowFigures::unaccounted},
          Open{"weir_stage_outside", "Events of which what is read cannot tell.",
               &FlowFigures::outside}}) {
        page.family(Metric::Gauge, open.name, open.help);
        for (const FlowRow& row : look.flow.rows)
            if (row.judged)
                page.add({{"stage", row.name}}, row.figures.*open.figure);
    }
}

void WatchPage::add_latency(const WatchLook& look, OpenMetrics& page) {
    page.family(Metric::Summary, "weir_stage_latency_seconds",
                "How late events are; quantiles of the window, those apart that clocks which "
                "disagree make negative; events since the start.",
                "seconds");
    const auto labels = [](const LatencyRow& row) {
        return std::array<std::string_view, 3>{row.path.stage, row.path.from, row.path.to};
    };
    const auto in_window = [&](const LatencyRow& all) {
        const auto& rows = look.latency.rows;
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const LatencyRow& one) {
            return labels(one) == labels(all);
        });
        return row == rows.end() ? QuantileSketch() : row->durations;
    };
    for (std::size_t i = 0; i < look.latency_all.rows.size(); ++i) {
        if (i >= ways_max) {
            ++m_left_out["latencies"];
            continue;
        }
        const LatencyRow& all = look.latency_all.rows[i];
        const auto [stage, from, to] = labels(all);
        add_quantiles({{"stage", stage}, {"from", from}, {"to", to}}, in_window(all), page);
        page.add_count({{"stage", stage}, {"from", from}, {"to", to}},
                       grown(key_of({"latency", stage, from, to}), all.durations.count()));
    }
    page.family(Metric::Gauge, "weir_stage_target_seconds", "What the 95th percentile may be.",
                "seconds");
    for (const LatencyRow& row : look.latency.rows)
        if (const auto [stage, from, to] = labels(row); row.path.slo_p95_us > 0)
            page.add_micro({{"stage", stage}, {"from", from}, {"to", to}}, row.path.slo_p95_us);
}

void WatchPage::add_invalid(const WatchLook& look, OpenMetrics& page) {
    page.family(Metric::Counter, "weir_invalid_events",
                "Invalid events, by reason: failed (dead letters), passed, unreadable, or a "
                "bot's.");
    std::uint64_t other = 0;
    for (const auto& [class_word, reason, events] : by_class_and_reason(look.invalid_all)) {
        const std::string key = key_of({"invalid", class_word, reason});
        const bool has_room = m_reasons.size() < reasons_max && reason.size() < label_bytes_max;
        if (!m_reasons.contains(key) && !has_room) {
            ++m_left_out["reasons"];
            other += events;
            continue;
        }
        m_reasons.insert(key);
        page.add({{"class", class_word}, {"reason", reason}}, grown(key, events));
    }
    if (other > 0)
        page.add({{"reason", "(other)"}}, grown("(other)", other));
    page.family(Metric::Gauge, "weir_invalid_ratio",
                "Invalid events among all that came in, 0 to 1; of the window.", "ratio");
    if (const auto share = look.invalid.now.share())
        page.add_micro({}, std::llround(*share * 1e6));
}

void WatchPage::add_groups(const WatchLook& look, OpenMetrics& page) {
    const auto each = [&](const auto& add) {
        if (look.backlog)
            for (const auto& group : look.backlog->groups)
                for (const PartitionBacklog& p : group->partitions)
                    add(group->group.id, p.facts.at.topic,
                        std::to_string(p.facts.at.partition.value()), p.assessment);
    };
    page.family(Metric::Gauge, "weir_groups_timestamp_seconds", "When groups were last read.",
                "seconds");
    if (look.backlog && look.backlog->at.value() >= 0)
        page.add_micro({}, look.backlog->at.value());
    using Text = const std::string&;
    page.family(Metric::Gauge, "weir_group_lag_messages",
                "Offsets between a group's commit and the log's end.", "messages");
    each([&](Text group, Text topic, Text partition, const Assessment& a) {
        if (a.lag_messages)
            page.add({{"group", group}, {"topic", topic}, {"partition", partition}},
                     *a.lag_messages);
    });
    page.family(Metric::Gauge, "weir_group_lag_seconds",
                "Age of the oldest record that a group has not read.", "seconds");
    each([&](Text group, Text topic, Text partition, const Assessment& a) {
        if (a.lag_us)
            page.add_micro({{"group", group}, {"topic", topic}, {"partition", partition}},
                           *a.lag_us);
    });
}

void WatchPage::add_findings(const WatchLook& look, OpenMetrics& page) {
    page.family(Metric::Gauge, "weir_finding_active",
                "1 for each thing that is wrong now; what follows from another is a consequence.");
    std::size_t room = findings_max;
    for (const FlatFinding& flat : flattened(look.findings)) {
        if (room == 0) {
            ++m_left_out["findings"];
            continue;
        }
        --room;
        add_finding(flat, page);
    }
    page.single(Metric::Gauge, "weir_findings", "How many causes there are now.",
                look.findings.size());
}

} // namespace weir::cli
