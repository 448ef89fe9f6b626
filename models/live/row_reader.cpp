// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/row_reader.h"

#include <optional>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/grouped.h"
#include "models/live/event_summary.h"
#include "models/live/printable.h"

namespace weir {

namespace {

constexpr std::size_t summary_bytes_max = 160;

} // namespace

RowReader::RowReader(std::shared_ptr<const Vocabulary> vocabulary,
                     std::shared_ptr<const DisclosurePolicy> policy, Style style,
                     std::unique_ptr<Decoder> decoder)
    : m_vocabulary(std::move(vocabulary))
    , m_discloser(policy, MaskedParts::Counted)
    , m_fields(m_vocabulary, std::move(policy))
    , m_style(style)
    , m_decoder(std::move(decoder)) {}

RowReader::~RowReader() = default;

void RowReader::set_columns(std::vector<ColumnSpec> columns) {
    m_columns = std::move(columns);
    m_paths.assign(m_columns.size(), {});
    m_dimensions.assign(m_columns.size(), -1);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_columns[i].kind == ColumnSpec::Kind::Path)
            m_paths[i] = JsonPath::parse(m_columns[i].name).value_or(JsonPath());
        else if (m_columns[i].kind == ColumnSpec::Kind::Dimension)
            m_dimensions[i] = m_vocabulary->dimension(m_columns[i].name);
    }
}

std::string RowReader::shown(std::string_view bytes) const {
    return m_style == Style::Screen ? printable(bytes) : std::string(bytes);
}

DisclosedRecord RowReader::disclose(const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    if (stored.in_batch != 0)
        return disclose_event(segment, row);
    return disclose(segment, row, segment.value(row), stored.body_begin);
}

DisclosedRecord RowReader::disclose_event(const Segment& segment, std::uint32_t row) {
    return disclose(segment, row, segment.body(row), 0);
}

/// `value` is shown, in which the event begins at `begin`.
DisclosedRecord RowReader::disclose(const Segment& segment, std::uint32_t row,
                                    std::string_view value, std::uint32_t begin) {
    const StoredRow& stored = segment.row(row);
    m_headers.clear();
    segment.headers(row, m_headers);
    EventFields fields = m_fields.of(stored);
    fields.begin = begin;
    return m_discloser.disclose(stored.key_null != 0, segment.key(row), stored.value_null != 0,
                                value, m_headers.data(), m_headers.size(), segment.value(row),
                                {&fields, 1});
}

/// Key and headers of a row whose value is not looked into.
DisclosedRecord RowReader::disclose_beside(const Segment& segment, std::uint32_t row) {
    m_headers.clear();
    segment.headers(row, m_headers);
    return m_discloser.disclose_beside(segment.row(row).key_null != 0, segment.key(row),
                                       segment.value(row), m_headers.data(), m_headers.size());
}

TableRow RowReader::read(const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    TableRow out;
    out.outcome = static_cast<Outcome>(stored.outcome);
    out.replayed = stored.replayed != 0;
    out.time_observed = static_cast<TimestampType>(stored.timestamp_type) == TimestampType::None;
    out.time_us = out.time_observed ? segment.observed_time(row).value() : stored.record_time_us;
    // A large value is not masked anew for each time its row is drawn: its cells do not show it.
    const bool large = m_style == Style::Screen && stored.body_size > value_bytes_max;
    m_tape_state = large ? Tape::TooLarge : Tape::NotTried;
    const DisclosedRecord record =
        large ? disclose_beside(segment, row) : disclose_event(segment, row);
    m_record = &record;
    const auto as_read = segment.as_read(row);
    out.masked = m_record->is_masked() || (as_read && as_read->masked);
    out.cells.reserve(m_columns.size());
    out.states.reserve(m_columns.size());
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        Cell one = cell(i, segment, row);
        out.cells.push_back(std::move(one.text));
        out.states.push_back(one.state);
    }
    m_record = nullptr;
    if (m_keeps_values && !record.value_null()) {
        const bool alone = stored.in_batch == 0 && stored.body_size != stored.value_size;
        out.value = std::string(alone ? disclose(segment, row).value() : record.value());
    }
    return out;
}

bool RowReader::parsed() {
    if (m_tape_state == Tape::NotTried) {
        const bool json = m_tape.parse(m_record->value());
        m_tape_state = json ? Tape::Parsed : Tape::Failed;
        m_json.begin(json ? m_record->value() : std::string_view(), json ? &m_tape : nullptr);
    }
    return m_tape_state == Tape::Parsed;
}

RowReader::Cell RowReader::cell(std::size_t column, const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    const auto number = [this](std::int64_t value) {
        return Cell{m_style == Style::Screen ? grouped(value) : std::to_string(value)};
    };
    switch (m_columns[column].kind) {
    case ColumnSpec::Kind::Time:
        return {};
    case ColumnSpec::Kind::Connection:
        return {shown(m_vocabulary->places->connection(PlaceId(stored.place)))};
    case ColumnSpec::Kind::Topic:
        return {shown(m_vocabulary->places->name(PlaceId(stored.place)))};
    case ColumnSpec::Kind::Partition:
        return {std::to_string(stored.partition)};
    case ColumnSpec::Kind::RecordOffset:
        return number(stored.offset);
    case ColumnSpec::Kind::Key:
        return m_record->key_null() ? null() : Cell{shown(m_record->key())};
    case ColumnSpec::Kind::Dimension:
        return dimension_cell(column, stored);
    case ColumnSpec::Kind::Size:
        return number(segment.record_bytes(row));
    case ColumnSpec::Kind::EventSize:
        return number(segment.event_bytes(row));
    case ColumnSpec::Kind::Reason:
        return given(reason_text(stored));
    case ColumnSpec::Kind::Summary:
        return {summary_cell(stored)};
    case ColumnSpec::Kind::Path:
        return path_cell(m_paths[column]);
    case ColumnSpec::Kind::Header:
        return header_cell(m_columns[column].name);
    }
    return given({});
}

std::string RowReader::reason_text(const StoredRow& stored) const {
    return shown(disclosed_text(m_discloser.policy(), "reason",
                                m_vocabulary->reasons->text(ValueId(stored.reason))));
}

/// Several of one name stand side by side; there a text that reads "null" is in quotes.
RowReader::Cell RowReader::header_cell(const std::string& name) const {
    std::vector<const HeaderView*> found;
    for (const HeaderView& header : m_record->headers())
        if (header.name == name)
            found.push_back(&header);
    if (found.empty())
        return given({});
    if (found.size() == 1)
        return found.front()->null ? null() : Cell{shown(found.front()->value)};
    Cell all;
    for (const HeaderView* header : found) {
        all.text += header == found.front() ? "" : ", ";
        all.text += header->null              ? "null"
                    : header->value == "null" ? "\"null\""
                                              : shown(header->value);
    }
    return all;
}

RowReader::Cell RowReader::path_cell(const JsonPath& path) {
    if (m_tape_state == Tape::TooLarge)
        return {"…"};
    if (!parsed())
        return given({});
    std::vector<Cell> found;
    m_json.any(path, [&](const FilterValue& value) {
        found.push_back(value_cell(value));
        return false;
    });
    if (found.empty())
        return given({});
    Cell all = std::move(found.front());
    for (std::size_t i = 1; i < found.size(); ++i) {
        all.text += "," + found[i].text;
        all.state = CellState::Given;
    }
    all.text = shown(all.text);
    return all;
}

/// As it is written, without the quotes of a text.
RowReader::Cell RowReader::value_cell(const FilterValue& value) const {
    return value.kind == FilterValue::Kind::Null ? null() : Cell{std::string(value.text)};
}

/// A dimension's number may stand for a longer value, for any that was one too many, or for null,
/// an empty text and nothing alike: the event knows which.
RowReader::Cell RowReader::dimension_cell(std::size_t column, const StoredRow& stored) {
    if (m_dimensions[column] < 0)
        return given({});
    const auto index = static_cast<std::size_t>(m_dimensions[column]);
    const std::string& name = m_vocabulary->dimension_names[index];
    const ValueId id(stored.dimensions[index]);
    const std::string text = m_vocabulary->dimensions[index]->text(id);
    if (id == no_value || id == other_value || Interner::was_cut(text))
        if (auto written = written_cell(name, stored))
            return *std::move(written);
    return given(shown(disclosed_text(m_discloser.policy(), name, text)));
}

std::optional<RowReader::Cell> RowReader::written_cell(const std::string& name,
                                                       const StoredRow& stored) {
    if (m_decoder == nullptr || m_tape_state == Tape::TooLarge)
        return std::nullopt;
    (void)parsed(); // what is no JSON may have columns
    m_mapped.begin(m_decoder->field_paths(PlaceId(stored.place), ValueId(stored.dialect)), m_json,
                   m_record->value(), m_record->headers().data(), m_record->headers().size());
    std::optional<Cell> found;
    m_mapped.any(name, [&](const FilterValue& value) {
        found = value_cell(value);
        return true;
    });
    if (found)
        found->text = shown(found->text);
    return found;
}

std::string RowReader::summary_cell(const StoredRow& stored) {
    const auto outcome = static_cast<Outcome>(stored.outcome);
    if (outcome == Outcome::Tombstone)
        return "tombstone (null)";
    const std::string reason = reason_text(stored);
    if (outcome == Outcome::Failed && !reason.empty())
        return reason;
    if (outcome == Outcome::Undecodable && !reason.empty())
        return m_tape_state == Tape::TooLarge
                   ? reason
                   : reason + " · " + printable(m_record->value(), summary_bytes_max);
    if (m_tape_state == Tape::TooLarge)
        return grouped(stored.body_size) + " bytes, open it to look inside";
    if (parsed())
        return event_summary(m_tape);
    return printable(m_record->value(), summary_bytes_max);
}

} // namespace weir
