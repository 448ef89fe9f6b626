// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/column.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/event/filter/filter_parser.h"

namespace weir {

namespace {

constexpr std::string_view header_prefix = "header:";
constexpr std::string_view dimension_prefix = "dimension:";
constexpr std::string_view path_prefix = "$.";

constexpr std::pair<ColumnSpec::Kind, std::string_view> fixed[] = {
    {ColumnSpec::Kind::Time, "time"},           {ColumnSpec::Kind::Connection, "connection"},
    {ColumnSpec::Kind::Topic, "topic"},         {ColumnSpec::Kind::Partition, "partition"},
    {ColumnSpec::Kind::RecordOffset, "offset"}, {ColumnSpec::Kind::Key, "key"},
    {ColumnSpec::Kind::Size, "size"},           {ColumnSpec::Kind::EventSize, "event_size"},
    {ColumnSpec::Kind::Reason, "reason"},       {ColumnSpec::Kind::Summary, "summary"},
};

std::string_view after(std::string_view text, std::string_view prefix) {
    return text.substr(prefix.size());
}

} // namespace

std::string ColumnSpec::id() const {
    for (const auto& [of, word] : fixed) {
        if (of == kind)
            return std::string(word);
    }
    if (kind == Kind::Header)
        return std::string(header_prefix) + name;
    if (kind == Kind::Dimension)
        return std::string(dimension_prefix) + name;
    return std::string(path_prefix) + name;
}

std::string ColumnSpec::export_name() const {
    const bool taken = std::any_of(std::begin(fixed), std::end(fixed),
                                   [this](const auto& word) { return word.second == name; });
    return kind == Kind::Dimension && !taken ? name : id();
}

std::optional<ColumnSpec> ColumnSpec::from_id(std::string_view id) {
    for (const auto& [kind, word] : fixed) {
        if (word == id)
            return ColumnSpec{kind, {}};
    }
    if (id.starts_with(header_prefix) && id.size() > header_prefix.size())
        return ColumnSpec{Kind::Header, std::string(after(id, header_prefix))};
    if (id.starts_with(dimension_prefix) && id.size() > dimension_prefix.size())
        return ColumnSpec{Kind::Dimension, std::string(after(id, dimension_prefix))};
    if (id.starts_with(path_prefix) && JsonPath::parse(after(id, path_prefix)))
        return ColumnSpec{Kind::Path, std::string(after(id, path_prefix))};
    return std::nullopt;
}

Result<ColumnSpec> ColumnSpec::parse(std::string_view text,
                                     const std::vector<std::string>& dimensions) {
    for (const auto& [kind, word] : fixed) {
        if (word == text)
            return ColumnSpec{kind, {}};
    }
    if (std::find(dimensions.begin(), dimensions.end(), text) != dimensions.end())
        return ColumnSpec{Kind::Dimension, std::string(text)};
    if (auto field = read_filter_field(text, 0);
        field && field->kind == FilterFieldKind::Header && !field->name.empty())
        return ColumnSpec{Kind::Header, std::move(field->name)};
    if (text.starts_with(header_prefix) && text.size() > header_prefix.size())
        return ColumnSpec{Kind::Header, std::string(after(text, header_prefix))};
    const std::string_view path = text.starts_with(path_prefix) ? after(text, path_prefix) : text;
    if (JsonPath::parse(path))
        return ColumnSpec{Kind::Path, std::string(path)};
    Error error;
    error.code = ErrorCode::Usage;
    error.what = "\"" + std::string(text) + "\" is no field, no header and no path";
    error.advice = "Write properties.price, properties.items[0].sku or header[\"x-app\"]";
    return error;
}

std::vector<ColumnSpec> default_columns(const std::vector<std::string>& dimensions,
                                        bool several_connections) {
    using Kind = ColumnSpec::Kind;
    std::vector<ColumnSpec> columns = {{Kind::Time, {}},
                                       {Kind::Topic, {}},
                                       {Kind::Partition, {}},
                                       {Kind::RecordOffset, {}},
                                       {Kind::Key, {}}};
    if (several_connections)
        columns.insert(columns.begin() + 1, {Kind::Connection, {}});
    for (const char* name : {"type", "source", "platform"}) {
        if (std::find(dimensions.begin(), dimensions.end(), name) != dimensions.end())
            columns.push_back({Kind::Dimension, name});
    }
    columns.push_back({Kind::Size, {}});
    columns.push_back({Kind::Summary, {}});
    return columns;
}

} // namespace weir
