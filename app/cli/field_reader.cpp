// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/field_reader.h"

#include <algorithm>

#include "app/cli/arguments.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/filter/filter_parser.h"
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
    char quote = 0; // that is open
    int depth = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const char c = list[i];
        if ((c == '"' || c == '\'') && (quote == 0 || c == quote) &&
            (i == 0 || list[i - 1] != '\\'))
            quote = quote == 0 ? c : '\0';
        if (quote == 0 && (c == '[' || c == ']'))
            depth += c == '[' ? 1 : -1;
        if (c == ',' && quote == 0 && depth <= 0)
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

/// Of these the payload is asked, in the dialect's own words where it has any.
bool FieldReader::is_json(Kind kind) {
    switch (kind) {
    case Kind::Path:
    case Kind::Named:
    case Kind::Id:
    case Kind::Age:
    case Kind::EventTime:
    case Kind::SentTime:
    case Kind::ReceivedTime:
        return true;
    default:
        return false;
    }
}

Result<FieldReader::Field> FieldReader::parse_one(const std::string& text) {
    const auto read = read_filter_field(text, 0);
    if (!read && text.starts_with("header"))
        return usage_error("\"" + text + "\" names no header", "Write header[\"name\"].");
    const auto path = JsonPath::parse(text);
    if (!read || path->steps.empty())
        return usage_error("\"" + text + "\" is not a field",
                           "Write a name or a path: type, key, properties.items[0].sku.");
    return Field{read->kind, read->kind == Kind::Header ? read->name : text, *path};
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
        if (field.kind == Kind::Stage || (is_json(field.kind) && !field.path.from_root))
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
        if (sighting->dialect == no_value)
            return std::nullopt;
        return FieldValue{m_vocabulary->dialects->text(sighting->dialect)};
    case Kind::Reason:
        return named(field.name, *m_vocabulary->reasons, sighting->reason);
    case Kind::ReplayRun:
        return replay_run(hit);
    default: {
        const auto dimension = static_cast<std::size_t>(field.dimension);
        return named(field.name, *m_vocabulary->dimensions[dimension],
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

FieldValue FieldReader::value_of(const FilterValue& value) {
    if (value.kind == FilterValue::Kind::Null)
        return null_value();
    const bool text =
        value.kind == FilterValue::Kind::Text || value.kind == FilterValue::Kind::String;
    return {std::string(value.text), text ? FieldValue::Form::Text : FieldValue::Form::Json};
}

std::optional<FieldValue> FieldReader::at_path(const JsonPath& path) {
    std::vector<FieldValue> found;
    m_event->json.any(path, [&](const FilterValue& value) {
        found.push_back(value_of(value));
        return false;
    });
    if (found.size() < 2)
        return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    FieldValue all{{}, FieldValue::Form::Several, "["};
    const char* between = "";
    for (const FieldValue& one : found) {
        all.text += between + one.text;
        all.list += between + one.json();
        between = ",";
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
        one->shown = disclosed_text(*m_disclosure, name, one->text);
    }
    return *one;
}

/// Its header's text, of which no more is shown here than there.
std::optional<FieldValue> FieldReader::replay_run(const HitView& hit) const {
    for (std::size_t i = hit.header_count; i-- > 0;) {
        const HeaderView& header = hit.headers[i];
        if (header.null || header.name != "weir-replay-run")
            continue;
        if (header.value.empty())
            break;
        return FieldValue{disclosed_text(*m_disclosure, "replay_run", header.value)};
    }
    return std::nullopt;
}

/// What the decoder read from a name's paths, in everybody's words; but as it is written where that
/// is the same, where the decoder cut it, and where it is masked.
std::optional<FieldValue> FieldReader::named(const std::string& name, const Interner& values,
                                             ValueId id) {
    std::optional<FieldValue> written = mapped(name);
    if (id == no_value || id == other_value)
        return written;
    const Interned& value = interned(name, values, id);
    const bool as_written = written && (value.shown != value.text || value.text == written->text ||
                                        Interner::was_cut(value.text));
    return as_written ? written : FieldValue{value.shown};
}

std::optional<FieldValue> FieldReader::mapped(const std::string& name) {
    std::optional<FieldValue> found;
    m_event->mapped.any(name, [&](const FilterValue& value) {
        found = value_of(value);
        return true;
    });
    return found;
}

/// An event may have its time from the batch around it.
std::optional<FieldValue> FieldReader::inherited_time(const Field& field,
                                                      const HitView& hit) const {
    if (hit.sighting == nullptr || m_disclosure == nullptr)
        return std::nullopt;
    const auto of = [&](TimeState state, Micros time) -> std::optional<FieldValue> {
        if (state != TimeState::Present && state != TimeState::Implausible)
            return std::nullopt;
        return FieldValue{disclosed_text(*m_disclosure, field.name, time_text(time))};
    };
    const Sighting& event = *hit.sighting;
    switch (field.kind) {
    case Kind::EventTime:
        return of(event.event_time_state, event.event_time);
    case Kind::SentTime:
        return of(event.sent_time_state, event.sent_time);
    case Kind::ReceivedTime:
        return of(event.received_time_state, event.received_time);
    default:
        return std::nullopt;
    }
}

std::optional<FieldValue> FieldReader::from_json(const Field& field, const HitView& hit) {
    if (!field.path.from_root) {
        const bool dimension = field.dimension >= 0 && hit.sighting != nullptr;
        auto value = dimension ? decoded(field, hit) : mapped(field.name);
        if (!value || *value == null_value())
            if (auto time = inherited_time(field, hit))
                return time;
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
            is_json(field.kind) || field.kind == Kind::Reason || field.kind == Kind::Stage;
        if (looks_inside && !m_event->begun)
            begin(hit);
        out.push_back(is_json(field.kind) ? from_json(field, hit) : own(field, hit));
        field.found = field.found || out.back();
    }
}

std::vector<std::string> FieldReader::absences() const {
    std::vector<std::string> told;
    for (const Field& field : m_fields)
        if (is_json(field.kind) && !field.found && m_events > 0 && !is_named(field))
            told.push_back(absence_text(field.path, m_events, m_paths_had));
    return told;
}

} // namespace weir::cli
