// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cheapest question that can be asked of a record, before it is decoded: can it match at all?
// It looks at coordinates, key and time, and for one literal in the raw bytes.
//
// Soundness: no is certain, yes is not. A record that holds several events may match if any of them
// does. The literal is looked for only where it must stand as it is: a value with a backslash may
// hide it behind an escape, a dead letter may hold its event in base64, and a value in another
// codec may hold it in another shape (`raw_bytes_are_json` false): all of these are let through.
//
// Thread contract: immutable, const use from any thread. Bound: one pass over the record's bytes.
#pragma once

#include <memory>

#include "connectors/base/record.h"
#include "models/event/filter/filter.h"
#include "models/event/filter/literal_finder.h"

namespace weir {

class RecordPrefilter {
  public:
    explicit RecordPrefilter(std::shared_ptr<const Filter> filter);

    bool may_match(const Record& record, const HeaderView* headers,
                   bool raw_bytes_are_json = true) const;

    /// Coordinates, key and time alone.
    bool in_scope(const Record& record) const;
    /// There is nothing to look for in the bytes.
    bool has_no_literal() const { return m_finder.literal().empty(); }

  private:
    std::shared_ptr<const Filter> m_filter;
    LiteralFinder m_finder;
};

} // namespace weir
