// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The values of the fields that have a name in every dialect ("id", "user", …), or that a workspace
// places ("tenant"), in one event: at paths of its JSON, in a header, in a column, or in the event
// that a dead letter holds as a text. An event that no dialect reads has nothing of a name but the
// member that is called so, and that only of a name which the workspace gave.
//
// Thread contract: one owner. Bound: as EventJson and WrappedEvent; a list of paths per name and
// FieldPaths.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/base/record.h"
#include "models/event/field_paths.h"
#include "models/event/filter/event_json.h"
#include "models/event/filter/wrapped_event.h"

namespace weir {

class MappedFields {
  public:
    /// Starts on another event: `json` is that of its own bytes, `body`. They, the headers and
    /// `paths` (null: no dialect reads it) must stay until the next begin(). What was made of
    /// `paths` is remembered by its address: it must outlive this.
    void begin(const FieldPaths* paths, EventJson& json, std::string_view body,
               const HeaderView* headers, std::size_t header_count);

    /// Calls `test` with the value that the paths of that name lead to, the workspace's before the
    /// dialect's: the first that is not null, else null if one is, else not at all.
    template <class Test>
    bool any(std::string_view name, Test test) {
        bool null = false;
        for (const Path& path : paths_of(name)) {
            bool found = false;
            bool yes = false;
            any_at(path, [&](const FilterValue& value) {
                if (value.kind == FilterValue::Kind::Null) {
                    null = true;
                    return false;
                }
                found = true;
                yes = test(value);
                return yes;
            });
            if (found)
                return yes;
        }
        return null && test(FilterValue{FilterValue::Kind::Null, {}});
    }

    /// Whether the event that a dead letter holds as a text holds this one.
    bool wrapped_holds(const TextMatcher& matcher);

  private:
    /// Where a named field may be.
    struct Path {
        std::string header; // "ce_id" of "header:ce_id"
        JsonPath json;
        std::optional<JsonPath> within; // the same, from the root of the event in a dead letter
        std::optional<std::size_t> column;
    };
    using Known = std::map<std::string, std::vector<Path>, std::less<>>;
    const std::vector<Path>& paths_of(std::string_view name);
    void add_placed(const FieldPath& path, std::vector<Path>& to) const;
    void add(const FieldPath& path, std::optional<JsonPath> within, std::vector<Path>& to) const;
    std::string_view column_text(std::size_t number) const;

    template <class Test>
    bool any_at(const Path& path, Test test) {
        if (path.column) {
            const std::string_view text = column_text(*path.column);
            return !text.empty() && test(FilterValue{FilterValue::Kind::String, text});
        }
        if (path.header.empty()) {
            if (m_json->any(path.json, test))
                return true;
            EventJson* const event = path.within ? m_wrapped.of(*m_json, *m_paths) : nullptr;
            return event != nullptr && event->any(*path.within, test);
        }
        for (std::size_t i = 0; i < m_header_count; ++i) {
            const HeaderView& header = m_headers[i];
            if (header.name == path.header &&
                test(FilterValue{header.null ? FilterValue::Kind::Null : FilterValue::Kind::String,
                                 header.value}))
                return true;
        }
        return false;
    }

    const FieldPaths* m_paths = nullptr;
    EventJson* m_json = nullptr;
    std::string_view m_body;
    const HeaderView* m_headers = nullptr;
    std::size_t m_header_count = 0;
    WrappedEvent m_wrapped;
    std::unordered_map<const FieldPaths*, Known> m_known; // what was made of them
    Known* m_known_here = nullptr;                        // of m_paths
};

} // namespace weir
