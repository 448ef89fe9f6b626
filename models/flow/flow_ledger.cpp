// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_ledger.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/event/history/kept_cells.h"
#include "models/flow/flow_history.h"

namespace weir {
namespace {

constexpr std::int64_t pending_limit_default_us = hour_us;
/// So much longer than it may be under way an event is looked for: it may turn up.
constexpr std::int64_t return_wait_us = hour_us;

std::vector<FlowTrail::Level> flow_levels() {
    return {{second_us, 600}, {minute_us, 1'440}, {hour_us, 720}};
}

std::vector<FlowTrail::Level> flow_levels_by_value() {
    return {{minute_us, 180}, {hour_us, 48}};
}

FlowJoin::Limits join_limits(const FlowOptions& options) {
    FlowJoin::Limits limits;
    const std::size_t lanes = std::max<std::size_t>(1, options.lanes);
    limits.open_max = options.open_max / lanes;
    limits.ids_max = options.ids_max / lanes;
    std::int64_t longest_us = 0;
    for (const StageSpec& stage : options.stages)
        longest_us = std::max(longest_us, pending_limit_us(stage));
    limits.wait_s = static_cast<std::uint32_t>((longest_us + return_wait_us) / second_us);
    return limits;
}

std::int64_t time_of(std::uint32_t time_s) {
    return std::int64_t{time_s} * second_us;
}

} // namespace

FlowOptions flow_options(const Workspace& workspace, const std::string& connection,
                         const IsObserved& observed, int lanes) {
    FlowOptions options;
    options.connection = connection;
    options.stages = observed_stages(workspace.stages, observed);
    options.lanes = static_cast<std::size_t>(std::max(1, lanes));
    return options;
}

std::int64_t pending_limit_us(const StageSpec& stage) {
    return stage.pending_limit_us == 0 ? pending_limit_default_us : stage.pending_limit_us;
}

FlowLedger::FlowLedger(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options)
    : m_options(std::move(options))
    , m_dimensions(vocabulary.dimension_names.size())
    , m_keys(std::make_unique<const FlowKeys>(vocabulary, m_options))
    , m_graph(m_options->stages, *vocabulary.places, m_options->connection)
    , m_whole(flow_levels(), 1, m_options->cells_max)
    , m_by_value(flow_levels_by_value(), m_dimensions + 2, m_options->cells_max)
    , m_join(m_graph, join_limits(*m_options), *this) {
    publish();
}

FlowLedger::~FlowLedger() = default;

/// Of a place by itself only how many were there is counted.
void FlowLedger::absorb(const SightingBatch& batch) {
    for (const Sighting& s : batch.sightings) {
        const bool timed = s.timestamp_type != TimestampType::None;
        const Micros at = timed ? std::min(s.record_time, s.observed_time) : s.observed_time;
        FlowTrail::Tables* const tables =
            m_whole.tables(at.value(), {FlowScope::no_stage, s.place});
        if (tables == nullptr)
            continue;
        FlowCell& cell = tables->front().cell(no_value, m_whole);
        ++cell.events;
        ++cell[FlowCount::In];
        cell[FlowCount::Rejected] += s.outcome == Outcome::Failed ? 1 : 0;
    }
    m_changed = m_changed || !batch.sightings.empty();
}

void FlowLedger::absorb_entries(const std::vector<JoinEntry>& entries) {
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + ahead < entries.size())
            m_join.prefetch(entries[i + ahead]);
        m_join.take(entries[i]);
    }
    m_changed = m_changed || !entries.empty();
}

void FlowLedger::absorb_watermarks(std::span<const Watermark> marks) {
    m_marks.absorb(marks);
    if (const auto covered = m_marks.least())
        m_join.set_covered(covered->value());
    m_changed = true;
}

void FlowLedger::book(const FlowChange& change) {
    const FlowScope scope{change.stage, no_place};
    const auto add = [&](FlowCell& cell) {
        for (std::size_t i = 0; i < change.size; ++i)
            cell[change.counts[i].first] += change.counts[i].second;
        cell.events += change.comes_in() ? 1 : 0;
    };
    const std::int64_t at = time_of(change.time_s);
    const std::uint64_t events = change.comes_in() ? 1 : 0;
    if (FlowTrail::Tables* const whole = m_whole.tables(at, scope, events))
        add(whole->front().cell(no_value, m_whole));
    FlowTrail::Tables* const tables = m_by_value.tables(at, scope);
    if (tables == nullptr)
        return;
    for (std::size_t i = 0; i < m_dimensions; ++i)
        add((*tables)[i].cell(change.kind->dimensions[i], m_by_value));
    add((*tables)[m_dimensions].cell(ValueId(change.kind->partition), m_by_value));
    if (change.reason != no_value)
        add((*tables)[m_dimensions + 1].cell(change.reason, m_by_value));
}

void FlowLedger::drain(DeltaSink& sink) {
    drain_trail(
        m_whole, FlowKeys::whole, minute_us,
        [&](const FlowScope& scope, std::size_t, ValueId) { return m_keys->key(scope); }, sink);
    drain_trail(
        m_by_value, FlowKeys::by_value, minute_us,
        [&](const FlowScope& scope, std::size_t table, ValueId value) {
            return m_keys->key(scope, table, value);
        },
        sink);
}

void FlowLedger::publish() {
    if (!m_changed)
        return;
    m_changed = false;
    auto snapshot = std::make_shared<FlowSnapshot>();
    snapshot->options = m_options;
    snapshot->whole = m_whole.publish();
    snapshot->by_value = m_by_value.publish();
    snapshot->marks = m_marks;
    snapshot->open = m_join.open();
    snapshot->sampled = m_join.sampled();
    snapshot->let_go = m_whole.let_go();
    snapshot->duplicates_cut_short = m_join.duplicates_cut_short();
    m_published.set(std::move(snapshot));
}

} // namespace weir
