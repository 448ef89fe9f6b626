// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_history.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/event/fold/kept_bytes.h"
#include "models/event/history/kept_cells.h"

namespace weir {

namespace {

constexpr KeptWidths cell_widths{minute_us, hour_us, day_us};

std::vector<FlowTrail::Level> flow_past_levels() {
    return {{minute_us, 2'880}, {hour_us, 720}, {day_us, 800}};
}
std::vector<FlowTrail::Level> flow_past_levels_by_value() {
    return {{minute_us, 180}, {hour_us, 48}, {day_us, 60}};
}

/// A table that is no dimension's, by a name that no dimension has.
constexpr std::string_view partition_table = " partition";
constexpr std::string_view reason_table = " reason";

/// How far the places behind a stage were read when a watch ended; nothing: not all of them.
struct Ended {
    std::int64_t since_us = INT64_MIN;
    std::int64_t told_to_us = INT64_MAX; // events before have had their time
};
std::optional<Ended> ended_for(const StageSpec& stage,
                               const std::vector<store::HistoryWatch>& watches) {
    std::vector<std::string> behind = stage.outputs;
    if (!stage.dead_letter.empty())
        behind.push_back(stage.dead_letter);
    Ended ended;
    for (const std::string& place : behind) {
        const auto watch = std::find_if(watches.begin(), watches.end(),
                                        [&](const auto& one) { return one.place == place; });
        if (watch == watches.end())
            return {};
        ended.since_us = std::max(ended.since_us, watch->since.value());
        ended.told_to_us =
            std::min(ended.told_to_us, watch->read_to.value() - pending_limit_us(stage));
    }
    return ended;
}

/// All that a history says of a place has had its time: who kept it has judged it.
Watermarks judged_marks(const FlowKeys& keys) {
    std::vector<Watermark> marks;
    for (const StageSpec& stage : keys.options().stages) {
        std::vector<std::string> behind = stage.outputs;
        behind.push_back(stage.dead_letter);
        for (const std::string& place : behind)
            if (!place.empty())
                marks.push_back({keys.place(place), PartitionId(0), Offset(0), Micros(INT64_MAX),
                                 true, Micros(INT64_MIN)});
    }
    Watermarks all;
    all.absorb(marks);
    return all;
}

} // namespace

// ---- keys

FlowKeys::FlowKeys(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options)
    : m_words(vocabulary)
    , m_options(std::move(options)) {}

PlaceId FlowKeys::place(std::string_view name) const {
    return m_words.places->id(m_options->connection, name);
}

std::string FlowKeys::key(const FlowScope& scope) const {
    const bool stage = scope.stage != FlowScope::no_stage;
    std::string key;
    append_kept_text(stage ? m_options->stages[scope.stage].name : std::string(), key);
    append_kept_text(stage ? std::string() : m_words.places->name(scope.place), key);
    return key;
}

std::string FlowKeys::key(const FlowScope& scope, std::size_t table, ValueId value) const {
    std::string key = this->key(scope);
    if (table < dimensions()) {
        append_kept_text(m_words.dimension_names[table], key);
        append_kept_value(*m_words.dimensions[table], value, key);
    } else if (table == dimensions()) {
        append_kept_text(partition_table, key);
        append_kept_number(value, key);
    } else {
        append_kept_text(reason_table, key);
        append_kept_value(*m_words.reasons, value, key);
    }
    return key;
}

bool FlowKeys::read_table(std::string_view& in, Cell& cell) const {
    std::string_view name;
    if (!read_kept_text(in, name))
        return false;
    if (name == partition_table) {
        cell.table = dimensions();
        return read_kept_number(in, cell.value);
    }
    if (name == reason_table) {
        cell.table = dimensions() + 1;
        return read_kept_value(*m_words.reasons, in, cell.value);
    }
    const int number = m_words.dimension(name);
    cell.table = static_cast<std::size_t>(std::max(0, number));
    return number >= 0 && read_kept_value(*m_words.dimensions[cell.table], in, cell.value);
}

std::optional<FlowKeys::Cell> FlowKeys::of(std::string_view key, bool with_value) const {
    Cell cell;
    std::string_view stage, place_name;
    if (!read_kept_text(key, stage) || !read_kept_text(key, place_name))
        return {};
    if (stage.empty()) {
        cell.scope.place = place(place_name);
    } else {
        const auto known = std::find_if(m_options->stages.begin(), m_options->stages.end(),
                                        [&](const StageSpec& one) { return one.name == stage; });
        if (known == m_options->stages.end())
            return {};
        cell.scope.stage = static_cast<std::uint16_t>(known - m_options->stages.begin());
    }
    if (with_value && !read_table(key, cell))
        return {};
    return cell;
}

// ---- what is made of the past

struct FlowHistory::Past {
    Past(const Vocabulary& vocabulary, const std::shared_ptr<const FlowOptions>& with)
        : options(with)
        , keys(vocabulary, with) {
        begin();
    }
    void begin() {
        whole.emplace(flow_past_levels(), 1, options->cells_max);
        by_value.emplace(flow_past_levels_by_value(), keys.dimensions() + 2, options->cells_max);
    }
    void publish();

    const std::shared_ptr<const FlowOptions> options;
    const FlowKeys keys;
    std::optional<FlowTrail> whole, by_value; // while they are being read
    Published<FlowSnapshot> published;
};

void FlowHistory::Past::publish() {
    auto snapshot = std::make_shared<FlowSnapshot>();
    snapshot->options = options;
    snapshot->whole = whole->publish();
    snapshot->by_value = by_value->publish();
    snapshot->marks = judged_marks(keys);
    published.set(std::move(snapshot));
    begin();
}

class FlowHistory::Fold final : public KeptFold {
  public:
    Fold(bool by_value, std::shared_ptr<Past> past)
        : m_by_value(by_value)
        , m_past(std::move(past)) {}

    std::string_view name() const override {
        return m_by_value ? FlowKeys::by_value : FlowKeys::whole;
    }
    KeptWidths widths() const override { return cell_widths; }
    HistoryPolicy ages(const HistoryPolicy& policy) const override {
        return m_by_value ? ages_by_value(policy) : policy;
    }
    void add(std::string& into, std::string_view delta) const override {
        add_kept_cells<FlowCell>(into, delta);
    }

    bool end_watch(store::HistoryCell& kept,
                   const std::vector<store::HistoryWatch>& ended) const override;
    std::int64_t ends_from_us(const std::vector<store::HistoryWatch>& ended) const override;

    void take(const store::HistoryCell& kept) override {
        if (const auto cell = m_past->keys.of(kept.key, m_by_value))
            take_kept_cell(m_by_value ? *m_past->by_value : *m_past->whole, kept, cell->scope,
                           cell->table, cell->value);
    }
    void publish() override {
        if (m_by_value) // the whole came before it
            m_past->publish();
    }

  private:
    const bool m_by_value;
    const std::shared_ptr<Past> m_past;
};

bool FlowHistory::Fold::end_watch(store::HistoryCell& kept,
                                  const std::vector<store::HistoryWatch>& ended) const {
    const auto about = m_past->keys.of(kept.key, m_by_value);
    if (!about || about->scope.stage == FlowScope::no_stage)
        return false;
    auto cell = FlowCell::decode(kept.value);
    if (!cell || cell->open() == 0)
        return false;
    const auto told = ended_for(m_past->options->stages[about->scope.stage], ended);
    const bool judged = told && kept.begin_us >= told->since_us &&
                        kept.begin_us + kept.width_us <= told->told_to_us;
    if (judged)
        return false;
    (*cell)[FlowCount::Unwatched] += cell->open();
    kept.value = cell->encode();
    return true;
}

/// What was left open before that is an earlier watch's, and told.
std::int64_t FlowHistory::Fold::ends_from_us(const std::vector<store::HistoryWatch>& ended) const {
    std::int64_t from_us = INT64_MAX;
    for (const store::HistoryWatch& one : ended)
        from_us = std::min(from_us, std::max<std::int64_t>(0, one.since.value()));
    return from_us;
}

FlowHistory::FlowHistory(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options)
    : m_past(std::make_shared<Past>(vocabulary, std::move(options))) {
    for (const bool by_value : {false, true})
        m_folds.push_back(std::make_shared<Fold>(by_value, m_past));
}

std::shared_ptr<const FlowSnapshot> FlowHistory::snapshot() const {
    return m_past->published.get();
}

} // namespace weir
