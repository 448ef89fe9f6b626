// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/field_reader.h"

#include "app/cli/arguments.h"
#include "models/event/search/hit_json.h"

namespace weir::cli {

namespace {

/// Splits at commas that stand in no quotes and no brackets.
std::vector<std::string> split_list(const std::string& list) {
    std::vector<std::string> parts(1);
    bool quoted = false;
    int depth = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const char c = list[i];
        if (c == '"' && (i == 0 || list[i - 1] != '\\'))
            quoted = !quoted;
        if (!quoted && (c == '[' || c == ']'))
            depth += c == '[' ? 1 : -1;
        if (c == ',' && !quoted && depth <= 0)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    for (std::string& part : parts) {
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
    }
    return parts;
}

} // namespace

std::string time_text(Micros time) {
    return time.value() < 0 ? std::string() : rfc3339(time);
}

Result<FieldReader::Field> FieldReader::parse_one(const std::string& text) {
    static const std::vector<std::pair<const char*, Kind>> own_names{{"topic", Kind::Topic},
                                                                     {"partition", Kind::Partition},
                                                                     {"offset", Kind::OffsetNumber},
                                                                     {"time", Kind::Time},
                                                                     {"key", Kind::Key},
                                                                     {"value", Kind::Value},
                                                                     {"size", Kind::Size}};
    Field field;
    field.name = text;
    for (const auto& [name, kind] : own_names) {
        if (text == name) {
            field.kind = kind;
            return field;
        }
    }
    if (text.compare(0, 8, "header[\"") == 0) {
        const std::size_t end = read_quoted(text, 7, field.name);
        if (end == std::string::npos || end + 1 != text.size() || text[end] != ']')
            return usage_error("\"" + text + "\" names no header", "Write header[\"name\"].");
        field.kind = Kind::Header;
        return field;
    }
    const auto path = JsonPath::parse(text);
    if (!path || path->steps.empty())
        return usage_error("\"" + text + "\" is not a field",
                           "Write a name or a path: type, key, properties.items[0].sku.");
    field.path = *path;
    return field;
}

Result<FieldReader> FieldReader::parse(const std::string& list) {
    FieldReader reader;
    for (const std::string& part : split_list(list)) {
        auto field = parse_one(part);
        if (!field)
            return field.error();
        reader.m_names.push_back(part);
        reader.m_fields.push_back(std::move(*field));
    }
    return reader;
}

std::optional<std::string> FieldReader::own(const Field& field, const HitView& hit) const {
    switch (field.kind) {
    case Kind::Topic:
        return std::string(hit.topic);
    case Kind::Partition:
        return std::to_string(hit.partition.value());
    case Kind::OffsetNumber:
        return std::to_string(hit.offset.value());
    case Kind::Time:
        return hit.timestamp_type == TimestampType::None ? std::optional<std::string>()
                                                         : time_text(hit.time);
    case Kind::Key:
        return hit.key_null ? std::optional<std::string>() : std::string(hit.key);
    case Kind::Value:
        return hit.value_null ? std::optional<std::string>() : std::string(hit.value);
    case Kind::Size:
        return std::to_string(hit.as_read.record_bytes);
    default:
        for (std::size_t i = 0; i < hit.header_count; ++i)
            if (hit.headers[i].name == field.name && !hit.headers[i].null)
                return std::string(hit.headers[i].value);
        return std::nullopt;
    }
}

void FieldReader::collect(std::uint32_t node, const JsonPath& path, std::size_t step,
                          std::string& out, bool& found) {
    if (step == path.steps.size()) {
        if (found)
            out += ',';
        found = true;
        std::string scratch;
        const bool text = m_tape.nodes()[node].kind == JsonKind::String;
        out.append(text ? m_tape.text_of(node, scratch) : m_tape.raw(node));
        return;
    }
    const JsonPathStep& at = path.steps[step];
    const JsonKind kind = m_tape.nodes()[node].kind;
    if (at.kind == JsonPathStep::Kind::Member && kind == JsonKind::Object) {
        if (const auto member = m_tape.member(node, at.name))
            collect(*member, path, step + 1, out, found);
    } else if (at.kind == JsonPathStep::Kind::Element && kind == JsonKind::Array) {
        if (const auto element = m_tape.element(node, at.index))
            collect(*element, path, step + 1, out, found);
    } else if (at.kind == JsonPathStep::Kind::AnyElement && kind == JsonKind::Array) {
        for (std::uint32_t i = node + 1; i < m_tape.nodes()[node].next; i = m_tape.nodes()[i].next)
            collect(i, path, step + 1, out, found);
    }
}

std::optional<std::string> FieldReader::at_path(const JsonPath& path) {
    std::string out;
    bool found = false;
    collect(0, path, 0, out, found);
    return found ? std::optional<std::string>(std::move(out)) : std::nullopt;
}

std::optional<std::string> FieldReader::from_json(const Field& field, const HitView& hit) {
    if (!m_parsed)
        return std::nullopt;
    if (hit.paths != nullptr && !field.path.from_root) {
        for (const std::string& mapped : hit.paths->paths(field.name)) {
            const auto path = JsonPath::parse(mapped);
            if (!path)
                continue;
            if (auto value = at_path(*path))
                return value;
        }
    }
    return at_path(field.path);
}

void FieldReader::read(const HitView& hit, std::vector<std::optional<std::string>>& out) {
    out.clear();
    bool tried = false;
    for (const Field& field : m_fields) {
        if (field.kind != Kind::Json) {
            out.push_back(own(field, hit));
            continue;
        }
        if (!tried) {
            tried = true;
            m_parsed = !hit.value_null && m_tape.parse(hit.body());
        }
        out.push_back(from_json(field, hit));
    }
}

} // namespace weir::cli
