// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a page of metrics as OpenMetrics 1.0 has it: families, each with its samples, and the end.
// What a label says is escaped and made UTF-8; a sample whose labels its family has had already is
// left out, since one such pair makes a scraper refuse the whole page.
// Thread contract: one thread. Bound: the labels of one family are remembered.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace weir::http {

inline constexpr const char* open_metrics_type =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

class OpenMetrics {
  public:
    enum class Kind : std::uint8_t { Gauge, Counter, Summary };
    /// Name and value; one without a value is left out, which means the same.
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Appends to `page`, which has to live as long.
    explicit OpenMetrics(std::string& page)
        : m_page(page) {}

    /// What follows belongs to it. `name`: without "_total", with its unit, if it has one: then
    /// `unit` is the end of it ("seconds"). REQUIRES: a name that the page does not have yet.
    void family(Kind kind, std::string_view name, std::string_view help,
                std::string_view unit = {});

    /// False: it was left out, these labels are there already.
    bool add(const Labels& labels, std::uint64_t value);
    bool add(const Labels& labels, std::int64_t value);
    /// Millionths, written in full: microseconds as seconds.
    bool add_micro(const Labels& labels, std::int64_t us);
    /// Of a summary: `quantile` as "0.95"; and how many values it is of. A negative one, which the
    /// format does not allow, is left out.
    bool add_quantile(const Labels& labels, std::string_view quantile, std::int64_t us);
    bool add_count(const Labels& labels, std::uint64_t count);

    /// A family of one sample without labels.
    void single(Kind kind, std::string_view name, std::string_view help, std::uint64_t value);

    /// The page is whole.
    void end() { m_page += "# EOF\n"; }

  private:
    bool sample(std::string_view suffix, const Labels& labels, std::string_view quantile,
                std::string_view value);

    std::string& m_page;
    std::string m_name;
    Kind m_kind = Kind::Gauge;
    std::unordered_set<std::string> m_written; // suffix and labels of the family's samples
};

} // namespace weir::http
