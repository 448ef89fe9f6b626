// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a dialect keeps the fields that have a name in every dialect: "id", "type", "session",
// "user", "event_time", … and where a workspace says that they are at some place.
// Thread contract: immutable, shared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where a value is: a header, or keys from the event's root down.
struct FieldPath {
    bool header = false;
    std::vector<std::string> keys; // of a header: its name alone

    /// "a.b.c", an RFC 6901 pointer "/a/b.c", "header:NAME" or header["NAME"]; nullopt: none of
    /// these.
    static std::optional<FieldPath> parse(std::string_view text);
};

class FieldPaths {
  public:
    virtual ~FieldPaths() = default;
    /// As FieldPath reads them, within the event's own bytes, tried in order; empty: unknown to
    /// this dialect.
    virtual const std::vector<std::string>& paths(std::string_view field) const = 0;
    /// What a workspace has tried before these. Of a dead letter they lead on from the event in it,
    /// where it has one.
    virtual const std::vector<std::string>& placed(std::string_view /*field*/) const {
        return none();
    }
    /// Of a dialect whose events are columns with tabs between: their names, which are its paths.
    virtual const std::vector<std::string>& columns() const { return none(); }
    /// Of a dead letter: dotted paths to the event in it, an object, a text, or base64
    /// (holds_base64). What paths() says of an event that is an object is true of it as a text too.
    virtual const std::vector<std::string>& originals() const { return none(); }

  protected:
    static const std::vector<std::string>& none() {
        static const std::vector<std::string> empty;
        return empty;
    }
};

/// The end of a path that leads to an event in base64.
inline constexpr std::string_view base64_ending = "_base64";

inline bool holds_base64(std::string_view path) {
    return path.size() > base64_ending.size() &&
           path.substr(path.size() - base64_ending.size()) == base64_ending;
}

} // namespace weir
