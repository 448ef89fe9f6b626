// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A column of a table of events: a field that every event has, any JSON path, any header.
// Thread contract: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

namespace weir {

struct ColumnSpec {
    enum class Kind {
        Time,       // record time
        Connection, // the name of the one it was read on
        Topic,
        Partition,
        RecordOffset,
        Key,
        Dimension, // `name`: "type", "source", "platform", …
        Size,      // of the record: key, value and headers
        EventSize, // the event's own bytes
        Reason,
        Summary,
        Path,   // `name`: a JSON path
        Header, // `name`: a header's name
    };
    Kind kind = Kind::Time;
    std::string name;

    bool operator==(const ColumnSpec&) const = default;

    /// Stable, for settings: "time", "dimension:type", "$.properties.price", "header:x-app".
    std::string id() const;
    /// What heads the column in a file: the id, a dimension by its bare name.
    std::string export_name() const;
    static std::optional<ColumnSpec> from_id(std::string_view id);
    /// What the user typed: a field, a path, header["…"]. Errors: Usage with advice.
    static Result<ColumnSpec> parse(std::string_view text,
                                    const std::vector<std::string>& dimensions);
    /// Right-aligned, tabular.
    bool numeric() const {
        return kind == Kind::Partition || kind == Kind::RecordOffset || kind == Kind::Size ||
               kind == Kind::EventSize;
    }
};

/// time topic partition offset key type source platform size summary, as far as the dimensions go;
/// where there are several connections, theirs after the time.
std::vector<ColumnSpec> default_columns(const std::vector<std::string>& dimensions,
                                        bool several_connections = false);

} // namespace weir
