// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/invalid_output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <set>

#include "app/cli/field_reader.h"
#include "app/cli/text_table.h"

namespace weir::cli {

namespace {

constexpr double percent = 100;

std::string number_text(const char* format, double number) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), format, number);
    return text.data();
}

std::string share_text(const std::optional<double>& share) {
    if (!share)
        return "-";
    const double of_100 = percent * *share;
    return number_text(of_100 < 1 && of_100 > 0 ? "%.2f %%" : "%.1f %%", of_100);
}

std::string trend_text(const std::optional<double>& points) {
    if (!points)
        return "-";
    return number_text(std::abs(*points) < 1 ? "%+.2f" : "%+.1f", *points);
}

std::string estimate_text(const DistinctSketch& sketch) {
    return (sketch.exact() ? "" : "~") + grouped(sketch.estimate());
}

std::string reason_text(const InvalidRow& row) {
    std::string text = row.reason + (row.message.empty() ? "" : ": " + row.message);
    if (row.key.kind != InvalidKind::Failed)
        text += std::string(" [") + to_word(row.key.kind) + "]";
    if (row.bot())
        text += " [bot]";
    return terminal_safe(text, true);
}

/// The columns that tell rows apart, beyond the reason.
class Columns {
  public:
    Columns(const InvalidReport& report, const Vocabulary& vocabulary)
        : m_grouping(report.question.grouping)
        , m_vocabulary(vocabulary) {}

    Cells titles() const {
        Cells cells;
        each([&](std::string title, const auto&) { cells.push_back(std::move(title)); });
        return cells;
    }
    Cells of(const InvalidRow& row) const {
        Cells cells;
        each([&](const std::string&, const auto& value) {
            cells.push_back(terminal_safe(value(row), true));
        });
        return cells;
    }

  private:
    using Value = std::function<std::string(const InvalidRow&)>;
    template <class Take>
    void each(Take take) const {
        if (m_grouping.pointer)
            take("pointer", Value([](const InvalidRow& row) { return row.pointer; }));
        for (std::size_t i = 0; i < m_vocabulary.dimension_names.size(); ++i)
            if (m_grouping.dimensions[i])
                take(m_vocabulary.dimension_names[i],
                     Value([i](const InvalidRow& row) { return row.values[i]; }));
        if (m_grouping.producer)
            take("producer", Value([](const InvalidRow& row) { return row.producer; }));
        if (m_grouping.place)
            take("topic", Value([](const InvalidRow& row) { return row.topic; }));
    }

    const InvalidGrouping& m_grouping;
    const Vocabulary& m_vocabulary;
};

std::string headline(const InvalidReport& report) {
    const InvalidTotals& now = report.now;
    std::string text = grouped(now.invalid());
    if (now.of)
        text += " of " + grouped(*now.of) + " events are invalid: " + share_text(now.share());
    else
        text += " invalid events; of how many is not known: only dead letters were read";
    if (report.before && report.before->share())
        text += " (" + share_text(report.before->share()) + " in the period before)";
    if (report.checks)
        text += "; " + grouped(now.passed) + " passed though they violate their contract";
    if (now.bots > 0)
        text += "; " + grouped(now.bots) + " more are probably of bots";
    return text;
}

std::string advice_of(const InvalidReport& report) {
    std::set<std::string> told;
    std::string out;
    for (const InvalidRow& row : report.rows) {
        if (!told.insert(row.reason).second)
            continue;
        out += "  " + terminal_safe(row.reason, true) + ": " + row.facts.remedy;
        if (row.facts.recoverable == Recoverable::No)
            out += " The events cannot be recovered.";
        out += "\n";
    }
    return out;
}

} // namespace

void print_invalid(const InvalidReport& report, const Vocabulary& vocabulary, Console& console) {
    console.out(headline(report) + "\n");
    if (report.rows.empty())
        return;
    const Columns columns(report, vocabulary);
    std::vector<Cells> rows{{"reason"}};
    const auto append = [](Cells& row, const Cells& more) {
        row.insert(row.end(), more.begin(), more.end());
    };
    append(rows.front(), columns.titles());
    const std::size_t left = rows.front().size();
    append(rows.front(), {"events", "of", "share", "trend pp", "users", "sessions", "first seen",
                          "last seen", "severity"});
    for (const InvalidRow& row : report.rows) {
        Cells cells{reason_text(row)};
        append(cells, columns.of(row));
        append(cells, {grouped(row.now.events), row.now.of ? grouped(*row.now.of) : "-",
                       share_text(row.now.share()), row.is_new ? "new" : trend_text(row.trend_pp()),
                       estimate_text(row.users), estimate_text(row.sessions),
                       time_text(Micros(row.first_us)), time_text(Micros(row.last_us)),
                       to_word(row.severity)});
        rows.push_back(std::move(cells));
    }
    console.out("\n" + aligned(rows, left) + "\n" + advice_of(report));
}

void note_invalid(const InvalidReport& report, Console& console) {
    if (report.question.partial)
        console.note("weir: partial: not all of the range was read");
    if (report.overflowed > 0)
        console.note("weir: " + grouped(report.overflowed) +
                     " events are counted under (other): there are more kinds of them than are "
                     "told apart");
    const bool estimated =
        std::any_of(report.rows.begin(), report.rows.end(), [](const InvalidRow& row) {
            return !row.users.exact() || !row.sessions.exact();
        });
    if (estimated)
        console.note("weir: users and sessions with ~ are estimates: " +
                     number_text("%.1f", percent * DistinctSketch::standard_error) +
                     " % standard error");
    if (report.rows.empty() && report.now.of.value_or(0) == 0)
        console.note("weir: no event was read");
}

} // namespace weir::cli
