// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/field_reader.h"

#include <algorithm>

#include "app/cli/arguments.h"
#include "models/event/search/hit_json.h"

namespace weir::cli {

namespace {

FieldValue null_value() {
    return {"null", FieldValue::Form::Json};
}

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

std::string FieldValue::cell() const {
    const bool like_another = text.empty() || text == "null" ||
                              (text.size() > 1 && text.front() == '"' && text.back() == '"');
    return form == Form::Text && like_another ? json() : text;
}

std::string time_text(Micros time) {
    return time.value() < 0 ? std::string() : rfc3339(time);
}

Result<FieldReader::Field> FieldReader::parse_one(const std::string& text) {
    static const std::vector<std::pair<const char*, Kind>> own_names{
        {"topic", Kind::Topic},
        {"partition", Kind::Partition},
        {"offset", Kind::OffsetNumber},
        {"time", Kind::Time},
        {"key", Kind::Key},
        {"value", Kind::Value},
        {"size", Kind::Size},
        {"event_size", Kind::EventSize},
        {"violation", Kind::Violation}};
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

std::string FieldValue::json() const {
    if (form == Form::Json)
        return text;
    if (form == Form::Several)
        return list;
    std::string quoted;
    append_json_string(text, quoted);
    return quoted;
}

std::optional<FieldValue> FieldReader::own(const Field& field, const HitView& hit) const {
    const auto text = [](std::string_view bytes) { return FieldValue{std::string(bytes)}; };
    const auto number = [](std::int64_t value) {
        return FieldValue{std::to_string(value), FieldValue::Form::Json};
    };
    switch (field.kind) {
    case Kind::Topic:
        return text(hit.topic);
    case Kind::Partition:
        return number(hit.partition.value());
    case Kind::OffsetNumber:
        return number(hit.offset.value());
    case Kind::Time:
        if (hit.timestamp_type == TimestampType::None)
            return std::nullopt;
        return text(time_text(hit.time));
    case Kind::Key:
        return hit.key_null ? null_value() : text(hit.key);
    case Kind::Value:
        return hit.value_null ? null_value() : text(hit.value);
    case Kind::Size:
        return number(static_cast<std::int64_t>(hit.as_read.record_bytes));
    case Kind::EventSize:
        return number(static_cast<std::int64_t>(hit.as_read.event_bytes));
    case Kind::Violation:
        return hit.violations.empty() ? std::nullopt : std::optional(violations(hit.violations));
    default:
        return header(field.name, hit);
    }
}

bool FieldReader::asks_for_violations() const {
    return std::any_of(m_fields.begin(), m_fields.end(),
                       [](const Field& field) { return field.kind == Kind::Violation; });
}

/// All reasons, as a path with [*] would have them.
FieldValue FieldReader::violations(std::string_view words) {
    std::string list = "[\"" + std::string(words) + "\"]";
    for (std::size_t at = 0; (at = list.find(',', at)) != std::string::npos; at += 3)
        list.replace(at, 1, "\",\"");
    return {std::string(words), FieldValue::Form::Several, std::move(list)};
}

/// Of several of one name the first that is not null.
std::optional<FieldValue> FieldReader::header(const std::string& name, const HitView& hit) {
    std::optional<FieldValue> found;
    for (std::size_t i = 0; i < hit.header_count; ++i) {
        if (hit.headers[i].name != name)
            continue;
        if (!hit.headers[i].null)
            return FieldValue{std::string(hit.headers[i].value)};
        found = null_value();
    }
    return found;
}

void FieldReader::collect(std::uint32_t node, const JsonPath& path, std::size_t step) {
    if (step == path.steps.size()) {
        m_found.push_back(node);
        return;
    }
    const JsonPathStep& at = path.steps[step];
    const JsonKind kind = m_tape.nodes()[node].kind;
    if (at.kind == JsonPathStep::Kind::Member && kind == JsonKind::Object) {
        if (const auto member = m_tape.member(node, at.name))
            collect(*member, path, step + 1);
    } else if (at.kind == JsonPathStep::Kind::Element && kind == JsonKind::Array) {
        if (const auto element = m_tape.element(node, at.index))
            collect(*element, path, step + 1);
    } else if (at.kind == JsonPathStep::Kind::AnyElement && kind == JsonKind::Array) {
        for (std::uint32_t i = node + 1; i < m_tape.nodes()[node].next; i = m_tape.nodes()[i].next)
            collect(i, path, step + 1);
    }
}

FieldValue FieldReader::value_at(std::uint32_t node) const {
    if (m_tape.nodes()[node].kind == JsonKind::String)
        return {m_tape.unescaped(node)};
    return {std::string(m_tape.raw(node)), FieldValue::Form::Json};
}

std::optional<FieldValue> FieldReader::at_path(const JsonPath& path) {
    m_found.clear();
    collect(0, path, 0);
    if (m_found.empty())
        return std::nullopt;
    if (m_found.size() == 1)
        return value_at(m_found.front());
    FieldValue all{{}, FieldValue::Form::Several, "["};
    for (const std::uint32_t node : m_found) {
        const FieldValue one = value_at(node);
        all.text += (node == m_found.front() ? "" : ",") + one.text;
        all.list += (node == m_found.front() ? "" : ",") + one.json();
    }
    all.list += ']';
    return all;
}

std::optional<FieldValue> FieldReader::from_json(const Field& field, const HitView& hit) {
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

void FieldReader::read(const HitView& hit, FieldValues& out) {
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
