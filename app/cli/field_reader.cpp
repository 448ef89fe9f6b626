// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/field_reader.h"

#include <algorithm>

#include "app/cli/arguments.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/path_names.h"
#include "models/event/search/hit_json.h"
#include "models/event/search/path_census.h"

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
        {"violation", Kind::Violation},
        {"outcome", Kind::Outcome},
        {"dialect", Kind::Dialect},
        {"reason", Kind::Reason},
        {"stage", Kind::Stage},
        {"replay_run", Kind::ReplayRun}};
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

void FieldReader::know(std::shared_ptr<const Vocabulary> vocabulary,
                       std::shared_ptr<const DisclosurePolicy> disclosure) {
    m_vocabulary = std::move(vocabulary);
    m_disclosure = std::move(disclosure);
    m_interned.clear();
    for (Field& field : m_fields)
        if (field.kind == Kind::Stage || (field.kind == Kind::Json && !field.path.from_root))
            field.dimension = m_vocabulary->dimension(field.name);
}

std::optional<FieldValue> FieldReader::own(const Field& field, const HitView& hit) {
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
    case Kind::Header:
        return header(field.name, hit);
    default:
        return decoded(field, hit);
    }
}

/// What the decoder found out about the event.
std::optional<FieldValue> FieldReader::decoded(const Field& field, const HitView& hit) {
    const Sighting* sighting = hit.sighting;
    if (sighting == nullptr)
        return std::nullopt;
    if (field.kind == Kind::Outcome)
        return FieldValue{std::string(outcome_words[static_cast<std::size_t>(sighting->outcome)])};
    if (field.kind == Kind::Stage && field.dimension < 0)
        return header("weir-stage", hit);
    if (m_vocabulary == nullptr)
        return std::nullopt;
    switch (field.kind) {
    case Kind::Dialect:
        return named({}, m_vocabulary->dialects.get(), sighting->dialect);
    case Kind::Reason:
        return named(field.name, m_vocabulary->reasons.get(), sighting->reason);
    case Kind::ReplayRun:
        return named({}, m_vocabulary->replay_runs.get(), sighting->replay_run);
    default: {
        const auto dimension = static_cast<std::size_t>(field.dimension);
        return named(field.name, m_vocabulary->dimensions[dimension].get(),
                     sighting->dimensions[dimension]);
    }
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

/// Several of one name stand side by side, as the window's table and its CSV have them; one that
/// would not stand clear of its neighbours is in quotes.
std::optional<FieldValue> FieldReader::header(const std::string& name, const HitView& hit) {
    std::vector<FieldValue> found;
    for (std::size_t i = 0; i < hit.header_count; ++i)
        if (hit.headers[i].name == name)
            found.push_back(hit.headers[i].null ? null_value()
                                                : FieldValue{std::string(hit.headers[i].value)});
    if (found.size() < 2)
        return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    FieldValue all{{}, FieldValue::Form::Several, "["};
    const char* between = "";
    for (const FieldValue& one : found) {
        const bool clear = one.text.find_first_of(",\"") == std::string::npos;
        all.text += (*between == 0 ? "" : ", ") + (clear ? one.cell() : one.json());
        all.list += between + one.json();
        between = ",";
    }
    all.list += ']';
    return all;
}

void FieldReader::collect(std::uint32_t node, const JsonPath& path, std::size_t step) {
    if (step == path.steps.size()) {
        m_found.push_back(node);
        return;
    }
    const JsonPathStep& at = path.steps[step];
    const JsonKind kind = m_event->tape.nodes()[node].kind;
    if (at.kind == JsonPathStep::Kind::Member && kind == JsonKind::Object) {
        if (const auto member = m_event->tape.member(node, at.name))
            collect(*member, path, step + 1);
    } else if (at.kind == JsonPathStep::Kind::Element && kind == JsonKind::Array) {
        if (const auto element = m_event->tape.element(node, at.index))
            collect(*element, path, step + 1);
    } else if (at.kind == JsonPathStep::Kind::AnyElement && kind == JsonKind::Array) {
        for (std::uint32_t i = node + 1; i < m_event->tape.nodes()[node].next;
             i = m_event->tape.nodes()[i].next)
            collect(i, path, step + 1);
    }
}

FieldValue FieldReader::value_at(std::uint32_t node) const {
    if (m_event->tape.nodes()[node].kind == JsonKind::String)
        return {m_event->tape.unescaped(node)};
    return {std::string(m_event->tape.raw(node)), FieldValue::Form::Json};
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

/// A value of a dimension as the decoder knows it, and as it may be shown.
const FieldReader::Interned& FieldReader::interned(const std::string& name, const Interner& values,
                                                   ValueId id) {
    auto& known = m_interned[&values];
    if (id.value() >= known.size())
        known.resize(id.value() + 1U);
    std::optional<Interned>& one = known[id.value()];
    if (!one) {
        one.emplace(Interned{values.text(id), {}});
        one->shown = name.empty() ? one->text : disclosed_text(*m_disclosure, name, one->text);
    }
    return *one;
}

/// What the decoder read from a name's paths, in everybody's words; but as it is written where that
/// is the same, where the decoder cut it, and where it is masked.
std::optional<FieldValue> FieldReader::named(const std::string& name, const Interner* values,
                                             ValueId id) {
    std::optional<FieldValue> written = name.empty() ? std::nullopt : mapped(name);
    if (values == nullptr || id == no_value || id == other_value)
        return written;
    const Interned& value = interned(name, *values, id);
    const bool as_written = written && (value.shown != value.text || value.text == written->text ||
                                        Interner::was_cut(value.text));
    return as_written ? written : FieldValue{value.shown};
}

std::optional<FieldValue> FieldReader::mapped(const std::string& name) {
    std::optional<FieldValue> found;
    m_event->mapped.any(name, [&](const FilterValue& value) {
        const bool text =
            value.kind == FilterValue::Kind::Text || value.kind == FilterValue::Kind::String;
        if (value.kind == FilterValue::Kind::Null)
            found = null_value();
        else
            found = FieldValue{std::string(value.text),
                               text ? FieldValue::Form::Text : FieldValue::Form::Json};
        return true;
    });
    return found;
}

std::optional<FieldValue> FieldReader::from_json(const Field& field, const HitView& hit) {
    if (!field.path.from_root) {
        const bool dimension = field.dimension >= 0 && hit.sighting != nullptr;
        auto value = dimension ? decoded(field, hit) : mapped(field.name);
        if (value)
            return value;
    }
    return m_event->parsed ? at_path(field.path) : std::nullopt;
}

bool FieldReader::is_named(const Field& field) const {
    return !field.path.from_root &&
           (field.dimension >= 0 || find_filter_field(field.name) != nullptr);
}

void FieldReader::begin(const HitView& hit) {
    constexpr std::uint64_t named_events = 256; // whose paths are remembered
    Event& event = *m_event;
    event.begun = true;
    event.parsed = !hit.value_null && event.tape.parse(hit.body());
    event.json.begin(event.parsed ? hit.body() : std::string_view(),
                     event.parsed ? &event.tape : nullptr);
    event.mapped.begin(hit.paths, event.json, hit.value_null ? std::string_view() : hit.body(),
                       hit.headers, hit.header_count);
    if (++m_events <= named_events && event.parsed)
        collect_path_names(event.tape, m_paths_had);
}

void FieldReader::read(const HitView& hit, FieldValues& out) {
    out.clear();
    m_event->begun = false;
    for (Field& field : m_fields) {
        const bool looks_inside =
            field.kind == Kind::Json || field.kind == Kind::Reason || field.kind == Kind::Stage;
        if (looks_inside && !m_event->begun)
            begin(hit);
        out.push_back(field.kind == Kind::Json ? from_json(field, hit) : own(field, hit));
        field.found = field.found || out.back();
    }
}

std::vector<std::string> FieldReader::absences() const {
    std::vector<std::string> told;
    for (const Field& field : m_fields)
        if (field.kind == Kind::Json && !field.found && m_events > 0 && !is_named(field))
            told.push_back(absence_text(field.path, m_events, m_paths_had));
    return told;
}

} // namespace weir::cli
