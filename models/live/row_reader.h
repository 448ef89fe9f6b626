// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a stored row into what a table shows or an export writes: cells, made from what the policy
// discloses.
// Thread contract: one thread. Bound: a value larger than value_bytes_max is not looked into for a
// cell on screen; its cells say so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/disclosure/field_finder.h"
#include "models/event/filter/event_json.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/mapped_fields.h"
#include "models/event/json/json_tape.h"
#include "models/event/store/segment.h"
#include "models/live/column.h"

namespace weir {

/// What a cell stands for: null is neither missing nor an empty text.
enum class CellState : std::uint8_t {
    Missing, // its text is ""
    Null,    // its text is "null"; so may be that of a given one
    Given,
};

/// One row of the table, in the order of the columns.
struct TableRow {
    std::vector<std::string> cells; // a time is left to the caller: its cell is empty
    std::vector<CellState> states;
    std::int64_t time_us = no_time; // record time, or when Weir saw it
    bool time_observed = false;     // the record bears no time of its own
    Outcome outcome = Outcome::Seen;
    bool replayed = false;
    bool masked = false;
    std::optional<std::string> value; // of disclose(); only where it is kept, and is no null
};

class RowReader {
  public:
    enum class Style {
        Screen, // one line a cell, cut and escaped, thousands separated
        Whole,  // everything, as it is
    };
    /// `decoder` tells where dimensions lie, for values that their numbers do not tell: cut, one
    /// too many, null or empty. It may be null.
    RowReader(std::shared_ptr<const Vocabulary> vocabulary,
              std::shared_ptr<const DisclosurePolicy> policy, Style style,
              std::unique_ptr<Decoder> decoder = nullptr);
    ~RowReader();

    void set_columns(std::vector<ColumnSpec> columns);
    const std::vector<ColumnSpec>& columns() const { return m_columns; }
    /// Rows that are read come with their value. REQUIRES: Style::Whole.
    void keep_values() { m_keeps_values = true; }
    /// REQUIRES: row < segment.size().
    TableRow read(const Segment& segment, std::uint32_t row);
    /// The disclosed record of a row, of several events in it the row's own; valid until the next
    /// call and as long as the segment.
    DisclosedRecord disclose(const Segment& segment, std::uint32_t row);
    /// The same, but of a record with one event in a batch, too, the event alone: where its paths
    /// begin.
    DisclosedRecord disclose_event(const Segment& segment, std::uint32_t row);

    static constexpr std::size_t value_bytes_max = 128u << 10;

  private:
    DisclosedRecord disclose_beside(const Segment& segment, std::uint32_t row);
    DisclosedRecord disclose(const Segment& segment, std::uint32_t row, std::string_view value,
                             std::uint32_t begin);
    struct Cell {
        std::string text;
        CellState state = CellState::Given;
    };
    /// "" for what need not be given: it is missing.
    static Cell given(std::string text) {
        const CellState state = text.empty() ? CellState::Missing : CellState::Given;
        return {std::move(text), state};
    }
    static Cell null() { return {"null", CellState::Null}; }
    Cell cell(std::size_t column, const Segment& segment, std::uint32_t row);
    std::string reason_text(const StoredRow& stored) const;
    Cell header_cell(const std::string& name) const;
    Cell dimension_cell(std::size_t column, const StoredRow& stored);
    std::optional<Cell> written_cell(const std::string& name, const StoredRow& stored);
    Cell path_cell(const JsonPath& path);
    Cell value_cell(const FilterValue& value) const;
    std::string summary_cell(const StoredRow& stored);
    std::string shown(std::string_view bytes) const;
    bool parsed();

    std::shared_ptr<const Vocabulary> m_vocabulary;
    Discloser m_discloser;
    FieldFinder m_fields;
    const Style m_style;
    bool m_keeps_values = false;
    std::vector<ColumnSpec> m_columns;
    std::vector<JsonPath> m_paths; // by column
    std::vector<int> m_dimensions; // by column, -1: none
    std::vector<HeaderView> m_headers;
    const DisclosedRecord* m_record = nullptr; // of the row being read, within read()
    std::unique_ptr<Decoder> m_decoder;
    MappedFields m_mapped;
    JsonTape m_tape;
    EventJson m_json; // of m_tape, once it was tried
    enum class Tape { NotTried, Parsed, Failed, TooLarge } m_tape_state = Tape::NotTried;
};

} // namespace weir
