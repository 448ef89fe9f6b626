// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a page of OpenMetrics 1.0 as strictly as its text says, for tests: families in one piece
// each, samples of the right names, labels, no sample twice, and the end.
// Thread contract: a value.
#pragma once

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <QByteArray>
#include <QString>

namespace weir::test {

class OpenMetricsCheck {
  public:
    explicit OpenMetricsCheck(const std::string& page) { read(page); }

    /// What is wrong with it; "": nothing is.
    const std::string& mistake() const { return m_mistake; }
    /// The number behind `name{labels}` as it is written; "": there is no such sample.
    std::string value(const std::string& sample) const {
        const auto found = m_samples.find(sample);
        return found == m_samples.end() ? std::string() : found->second;
    }
    const std::map<std::string, std::string>& samples() const { return m_samples; }
    /// Those of a counter, by their whole name.
    std::map<std::string, double> counters() const {
        std::map<std::string, double> all;
        for (const auto& [sample, number] : m_samples)
            if (sample.substr(0, sample.find('{')).ends_with("_total"))
                all[sample] = std::stod(number);
        return all;
    }

  private:
    void say(const std::string& what, const std::string& line) {
        if (m_mistake.empty())
            m_mistake = what + ": " + line;
    }

    void read(const std::string& page) {
        const QByteArray bytes = QByteArray::fromStdString(page);
        if (QString::fromUtf8(bytes).toUtf8() != bytes)
            say("not UTF-8", "");
        if (!page.ends_with("# EOF\n") || ("\n" + page).find("\n# EOF") != page.size() - 6)
            return say("no end", page.substr(page.size() - std::min<std::size_t>(page.size(), 20)));
        std::istringstream lines(page.substr(0, page.size() - 6));
        for (std::string line; std::getline(lines, line);)
            line.starts_with('#') ? read_head(line) : read_sample(line);
    }

    void read_head(const std::string& line) {
        static const std::regex head("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
        std::smatch part;
        if (!std::regex_match(line, part, head))
            return say("no head of a family", line);
        const std::string word = part[1], name = part[2], text = part[3];
        if (word == "TYPE") {
            static const std::set<std::string> kinds{"gauge", "counter", "summary"};
            if (!m_families.insert(name).second)
                say("a family twice", line);
            if (!kinds.contains(text))
                say("no kind", line);
            m_family = name;
            m_kind = text;
            m_has_samples = false;
            m_sets.clear();
            return;
        }
        if (name != m_family || m_has_samples)
            say("a head that is not where its family begins", line);
        if (word == "UNIT" && !name.ends_with("_" + text))
            say("the name does not end in its unit", line);
    }

    void read_sample(const std::string& line) {
        static const std::regex sample(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\"\\\\n])"
            "*\",?)*)\\})? (-?[0-9]+(?:\\.[0-9]+)?)");
        std::smatch part;
        if (!std::regex_match(line, part, sample))
            return say("no sample", line);
        m_has_samples = true;
        const std::string name = part[1], labels = part[3], number = part[4];
        std::string set;
        std::string quantile;
        read_labels(labels, line, set, quantile);
        const bool right = m_kind == "counter" ? name == m_family + "_total"
                           : m_kind == "gauge"
                               ? name == m_family
                               : (name == m_family && !quantile.empty()) ||
                                     (name == m_family + "_count" && quantile.empty());
        if (!right)
            say("a sample that its family has not", line);
        if (m_kind != "gauge" && number.starts_with('-'))
            say("less than nothing", line);
        if (!quantile.empty() && (std::stod(quantile) < 0 || std::stod(quantile) > 1))
            say("no quantile", line);
        if (!m_samples.emplace(line.substr(0, line.rfind(' ')), number).second)
            say("twice", line);
        if (set != m_last_set && !m_sets.insert(set).second)
            say("samples of one way not together", line);
        m_sets.insert(set);
        m_last_set = set;
    }

    /// `set`: all labels but the quantile.
    void read_labels(const std::string& labels, const std::string& line, std::string& set,
                     std::string& quantile) {
        static const std::regex label(
            "([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\"\\\\n])*)\"(,|$)");
        std::set<std::string> names;
        std::size_t read = 0;
        for (std::sregex_iterator it(labels.begin(), labels.end(), label), end; it != end; ++it) {
            read += static_cast<std::size_t>(it->length());
            if (!names.insert((*it)[1]).second)
                say("a label twice", line);
            if ((*it)[1] == "quantile")
                quantile = (*it)[2];
            else
                set += it->str();
        }
        if (read != labels.size() || labels.ends_with(','))
            say("no labels", line);
        set.erase(set.find_last_not_of(',') + 1);
        set = m_family + "{" + set;
    }

    std::string m_mistake;
    std::map<std::string, std::string> m_samples;
    std::set<std::string> m_families;
    std::string m_family, m_kind, m_last_set;
    std::set<std::string> m_sets; // of the family's samples
    bool m_has_samples = false;
};

} // namespace weir::test
