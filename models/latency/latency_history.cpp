// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_history.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/event/fold/kept_bytes.h"
#include "models/event/history/kept_cells.h"

namespace weir {

namespace {

constexpr KeptWidths cell_widths{minute_us, hour_us, day_us};
constexpr KeptWidths places_widths{day_us, day_us, day_us};

std::vector<LatencyTrail::Level> past_levels() {
    return {{minute_us, 2'880}, {hour_us, 720}, {day_us, 800}};
}
std::vector<LatencyTrail::Level> past_levels_by_value() {
    return {{minute_us, 180}, {hour_us, 48}, {day_us, 60}};
}

} // namespace

// ---- keys

LatencyKeys::LatencyKeys(const Vocabulary& vocabulary,
                         std::shared_ptr<const LatencyOptions> options)
    : m_words(vocabulary)
    , m_options(std::move(options)) {}

std::string LatencyKeys::key(const LatencyScope& scope) const {
    const bool stage = scope.from != no_place;
    std::string key;
    append_kept_text(stage ? m_options->stages[scope.stage].name : std::string(), key);
    append_kept_text(stage ? m_words.places->name(scope.from) : std::string(), key);
    append_kept_text(m_words.places->name(scope.to), key);
    return key;
}

/// A dimension by its name; the partition has none.
std::string LatencyKeys::key(const LatencyScope& scope, std::size_t table, ValueId value) const {
    std::string key = this->key(scope);
    const bool partition = table >= dimensions();
    append_kept_text(partition ? std::string() : m_words.dimension_names[table], key);
    if (partition)
        append_kept_number(value, key);
    else
        append_kept_value(*m_words.dimensions[table], value, key);
    return key;
}

bool LatencyKeys::read_scope(std::string_view& in, LatencyScope& scope) const {
    std::string_view stage, from, to;
    if (!read_kept_text(in, stage) || !read_kept_text(in, from) || !read_kept_text(in, to))
        return false;
    scope.to = place(to);
    if (from.empty())
        return true;
    const auto known = std::find_if(m_options->stages.begin(), m_options->stages.end(),
                                    [&](const LatencyStage& one) { return one.name == stage; });
    scope.stage = static_cast<std::uint16_t>(known - m_options->stages.begin());
    scope.from = place(from);
    return known != m_options->stages.end();
}

std::optional<LatencyKeys::Cell> LatencyKeys::of(std::string_view key, bool with_value) const {
    Cell cell;
    std::string_view dimension;
    if (!read_scope(key, cell.scope))
        return {};
    if (!with_value)
        return cell;
    if (!read_kept_text(key, dimension))
        return {};
    const int number = dimension.empty() ? -1 : m_words.dimension(dimension);
    if (!dimension.empty() && number < 0)
        return {};
    cell.table = dimension.empty() ? dimensions() : static_cast<std::size_t>(number);
    const bool read = dimension.empty()
                          ? read_kept_number(key, cell.value)
                          : read_kept_value(*m_words.dimensions[cell.table], key, cell.value);
    return read ? std::optional(cell) : std::nullopt;
}

PlaceId LatencyKeys::place(std::string_view key) const {
    return m_words.places->id(m_options->connection, key);
}

// ---- places

std::string encode_place(const LatencyPlace& place, const LatencyPlace& before) {
    std::string bytes;
    append_varint(place.events - before.events, bytes);
    append_varint(place.untimed - before.untimed, bytes);
    append_varint(place.ahead - before.ahead, bytes);
    append_varint(place.processed - before.processed, bytes);
    append_varint(place.timestamp_types, bytes);
    append_signed_varint(place.newest_event_us, bytes);
    append_signed_varint(place.newest_record_us, bytes);
    return bytes;
}

std::optional<LatencyPlace> decode_place(std::string_view bytes) {
    LatencyPlace place;
    std::uint64_t types = 0;
    if (!read_varint(bytes, place.events) || !read_varint(bytes, place.untimed) ||
        !read_varint(bytes, place.ahead) || !read_varint(bytes, place.processed) ||
        !read_varint(bytes, types) || types > UINT8_MAX ||
        !read_signed_varint(bytes, place.newest_event_us) ||
        !read_signed_varint(bytes, place.newest_record_us))
        return {};
    place.timestamp_types = static_cast<std::uint8_t>(types);
    return place;
}

void merge_place(LatencyPlace& into, const LatencyPlace& other) {
    into.events += other.events;
    into.untimed += other.untimed;
    into.ahead += other.ahead;
    into.processed += other.processed;
    into.timestamp_types |= other.timestamp_types;
    into.newest_event_us = std::max(into.newest_event_us, other.newest_event_us);
    into.newest_record_us = std::max(into.newest_record_us, other.newest_record_us);
}

// ---- what is made of the past

struct LatencyHistory::Past {
    Past(const Vocabulary& vocabulary, const std::shared_ptr<const LatencyOptions>& with)
        : options(with)
        , keys(vocabulary, with) {
        begin();
    }
    void begin() {
        whole.emplace(past_levels(), 1, options->cells_max);
        by_value.emplace(past_levels_by_value(), keys.dimensions() + 1, options->cells_max);
    }
    void publish();

    const std::shared_ptr<const LatencyOptions> options;
    const LatencyKeys keys;
    std::optional<LatencyTrail> whole, by_value; // while they are being read
    std::vector<LatencyPlace> places;
    Published<LatencySnapshot> published;
};

void LatencyHistory::Past::publish() {
    auto snapshot = std::make_shared<LatencySnapshot>();
    snapshot->options = options;
    snapshot->past = true;
    snapshot->whole = whole->publish();
    snapshot->by_value = by_value->publish();
    snapshot->places = std::move(places);
    published.set(std::move(snapshot));
    places.clear();
    begin();
}

class LatencyHistory::Fold final : public KeptFold {
  public:
    Fold(std::string_view name, std::shared_ptr<Past> past)
        : m_name(name)
        , m_past(std::move(past)) {}

    std::string_view name() const override { return m_name; }
    KeptWidths widths() const override {
        return m_name == LatencyKeys::places ? places_widths : cell_widths;
    }
    HistoryPolicy ages(const HistoryPolicy& policy) const override {
        return m_name == LatencyKeys::by_value ? ages_by_value(policy) : policy;
    }
    void add(std::string& into, std::string_view delta) const override {
        if (m_name != LatencyKeys::places) {
            add_kept_cells<LatencyCell>(into, delta);
            return;
        }
        auto sum = decode_place(into);
        const auto more = decode_place(delta);
        if (!sum || !more)
            return;
        merge_place(*sum, *more);
        into = encode_place(*sum, {});
    }
    void take(const store::HistoryCell& kept) override {
        if (m_name == LatencyKeys::places) {
            take_place(kept);
            return;
        }
        const bool with_value = m_name == LatencyKeys::by_value;
        if (const auto cell = m_past->keys.of(kept.key, with_value))
            take_kept_cell(with_value ? *m_past->by_value : *m_past->whole, kept, cell->scope,
                           cell->table, cell->value);
    }
    void publish() override {
        if (m_name == LatencyKeys::places) // the others came before it
            m_past->publish();
    }

  private:
    void take_place(const store::HistoryCell& kept) {
        auto place = decode_place(kept.value);
        if (!place)
            return;
        place->place = m_past->keys.place(kept.key);
        const auto known = std::find_if(m_past->places.begin(), m_past->places.end(),
                                        [&](const auto& one) { return one.place == place->place; });
        if (known == m_past->places.end())
            m_past->places.push_back(*place);
        else
            merge_place(*known, *place);
    }

    const std::string_view m_name;
    const std::shared_ptr<Past> m_past;
};

LatencyHistory::LatencyHistory(const Vocabulary& vocabulary,
                               std::shared_ptr<const LatencyOptions> options)
    : m_past(std::make_shared<Past>(vocabulary, std::move(options))) {
    for (const std::string_view name :
         {LatencyKeys::whole, LatencyKeys::by_value, LatencyKeys::places})
        m_folds.push_back(std::make_shared<Fold>(name, m_past));
}

std::shared_ptr<const LatencySnapshot> LatencyHistory::snapshot() const {
    return m_past->published.get();
}

} // namespace weir
