// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/scan_plan.h"

#include <algorithm>

namespace weir {

namespace {

class Planner {
  public:
    Planner(ScanPlan& plan, const Dialect& dialect)
        : m_plan(plan)
        , m_dialect(dialect) {}

    /// The slot of a path, or no_slot where the dialect cannot have it.
    std::uint16_t slot(const std::string& text) {
        const std::optional<FieldPath> path = FieldPath::parse(text);
        if (!path || m_plan.slot_count + 1 >= PathTrie::no_slot)
            return PathTrie::no_slot;
        if (path->header)
            return header(path->keys.front());
        if (m_dialect.body == DialectBody::Tsv)
            return column(path->keys);
        if (const std::uint16_t known = m_plan.trie.slot_at(path->keys); known != PathTrie::no_slot)
            return known;
        m_plan.trie.add(path->keys, m_plan.slot_count);
        return m_plan.slot_count++;
    }

    /// A field of the dialect, with `first` tried before its own paths.
    PlannedField field(const std::string& name, const std::vector<std::string>& first = {}) {
        PlannedField planned;
        std::vector<std::string> paths = first;
        if (const auto rule = m_dialect.fields.find(name); rule != m_dialect.fields.end()) {
            planned.form = rule->second.form;
            planned.words = rule->second.words.empty() ? nullptr : &rule->second.words;
            paths.insert(paths.end(), rule->second.paths.begin(), rule->second.paths.end());
        }
        for (const std::string& path : paths) {
            if (const std::uint16_t s = slot(path); s != PathTrie::no_slot)
                planned.slots.push_back(s);
        }
        const auto& inherit = m_dialect.inherit;
        planned.inherited = std::find(inherit.begin(), inherit.end(), name) != inherit.end();
        return planned;
    }

    PlannedShape shape(const DialectShape& shape) {
        PlannedShape planned;
        planned.at_least = shape.at_least;
        for (const std::string& path : shape.of)
            planned.of.push_back(slot(path));
        for (const auto& [path, begin] : shape.with)
            planned.with.emplace_back(slot(path), begin);
        return planned;
    }

  private:
    std::uint16_t header(const std::string& name) {
        for (const auto& [known, slot] : m_plan.headers) {
            if (known == name)
                return slot;
        }
        m_plan.headers.emplace_back(name, m_plan.slot_count);
        return m_plan.slot_count++;
    }

    std::uint16_t column(const std::vector<std::string>& keys) {
        const auto& columns = m_dialect.column_names;
        const auto found = std::find(columns.begin(), columns.end(), keys.front());
        if (keys.size() != 1 || found == columns.end())
            return PathTrie::no_slot;
        std::uint16_t& slot =
            m_plan.slot_of_column[static_cast<std::size_t>(found - columns.begin())];
        if (slot == PathTrie::no_slot)
            slot = m_plan.slot_count++;
        return slot;
    }

    ScanPlan& m_plan;
    const Dialect& m_dialect;
};

bool begins_with(const Capture& capture, std::string_view begin) {
    return capture.present() && capture.raw().substr(0, begin.size()) == begin;
}

} // namespace

std::uint32_t PlannedShape::count(const std::vector<Capture>& captures) const {
    std::uint32_t found = 0;
    for (const std::uint16_t slot : of)
        found += slot != PathTrie::no_slot && captures[slot].data != nullptr ? 1 : 0;
    return found;
}

bool PlannedShape::matches(const std::vector<Capture>& captures) const {
    for (const auto& condition : with) {
        if (condition.first == PathTrie::no_slot ||
            !begins_with(captures[condition.first], condition.second))
            return false;
    }
    std::uint32_t missing = at_least;
    for (std::size_t i = 0; missing != 0 && i < of.size(); ++i)
        missing -= of[i] != PathTrie::no_slot && captures[of[i]].data != nullptr ? 1 : 0;
    return missing == 0;
}

ScanPlan make_plan(const Dialect& dialect, const std::vector<std::string>& dimension_names,
                   const DecodeOptions& options, const PlaceDecoding* place) {
    ScanPlan plan;
    plan.dialect = &dialect;
    plan.slot_of_column.assign(dialect.column_names.size(), PathTrie::no_slot);
    Planner planner(plan, dialect);
    plan.id = planner.field("id", place == nullptr ? std::vector<std::string>() : place->id_paths);
    plan.reason = planner.field("reason");
    plan.event_time = planner.field("event_time");
    plan.sent_time = planner.field("sent_time");
    plan.received_time = planner.field("received_time");
    plan.origin_topic = planner.field("origin_topic");
    plan.origin_partition = planner.field("origin_partition");
    plan.origin_offset = planner.field("origin_offset");
    for (const std::string& name : dimension_names) {
        std::vector<std::string> paths;
        for (const auto& [dimension, own] : options.dimension_paths) {
            if (dimension == name)
                paths = own;
        }
        plan.dimensions.push_back(planner.field(name, paths));
    }
    for (const std::string& path : dialect.original)
        plan.original.emplace_back(planner.slot(path), holds_base64(path));
    plan.record_shape = planner.shape(dialect.record_shape);
    plan.event_shape = planner.shape(dialect.event_shape);
    if (!dialect.batch.empty())
        plan.batch_slot = planner.slot(dialect.batch);
    plan.trie.seal();
    return plan;
}

} // namespace weir
