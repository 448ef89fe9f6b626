// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a user wrote behind a subcommand, checked against what that subcommand knows. A mistake is
// an Error with code Usage that names the word and the nearest right one.
//
// --name VALUE, --name=VALUE, -n VALUE, -nVALUE; `--` ends the options. Thread contract: plain
// values. Bound: the operating system's limit on a command line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

namespace weir::cli {

struct Option {
    const char* name;              // without the dashes
    const char* value_name;        // null: a flag
    const char* help;              // one line
    char short_name = 0;           // 0: none
    bool repeatable = false;       // otherwise the last one counts twice as a mistake
    const char* same_as = nullptr; // another spelling of that option; not shown in the help
};

class Arguments {
  public:
    /// `positionals_max` words may stand without a dash.
    static Result<Arguments> parse(const std::vector<std::string>& words,
                                   const std::vector<Option>& known, std::size_t positionals_max);

    bool has(std::string_view name) const;
    /// The (last) value, or `otherwise`.
    std::string value(std::string_view name, const std::string& otherwise = {}) const;
    const std::vector<std::string>& values(std::string_view name) const;
    const std::vector<std::string>& positionals() const { return m_positionals; }

    /// A whole number within [least, most], or `otherwise` if the option was not given.
    Result<std::int64_t> integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                 std::int64_t most) const;
    /// A number within [least, most]; a trailing % divides by 100.
    Result<double> number(std::string_view name, double otherwise, double least, double most) const;

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
    std::vector<std::string> m_positionals;
};

/// The word of `known` that `word` was probably meant to be, or "".
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

Error usage_error(std::string what, std::string advice = {});

} // namespace weir::cli
