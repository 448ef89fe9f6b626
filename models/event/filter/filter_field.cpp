// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_parser.h"

namespace weir {

Result<FilterField> read_filter_field(std::string_view text, std::size_t column) {
    std::optional<JsonPath> path = JsonPath::parse(text);
    const char head = text.empty() ? '-' : text.front();
    if (!path || (head >= '0' && head <= '9') || head == '-' || head == '+')
        return filter_error(column, "'" + std::string(text) + "' is not a field",
                            "The field stands on the left: properties.price > 100.");
    FilterField field;
    const std::string name = path->steps.empty() ? std::string() : path->steps.front().name;
    if (!path->from_root && (name == "header" || name == "headers") &&
        (path->steps.size() == 1 || text[name.size()] == '[')) {
        if (path->steps.size() != 2 || path->steps[1].kind != JsonPathStep::Kind::Member)
            return filter_error(column + name.size(), "a header needs its name",
                                "Write header[\"x-app\"].");
        field.kind = FilterFieldKind::Header;
        field.type = FilterFieldType::Text;
        field.name = path->steps[1].name;
        return field;
    }
    const FilterFieldInfo* info = path->is_one_word() ? find_filter_field(name) : nullptr;
    if (info != nullptr) {
        field.kind = info->kind;
        field.type = info->type;
        field.name = name;
        return field;
    }
    field.path = std::move(*path);
    return field;
}

} // namespace weir
