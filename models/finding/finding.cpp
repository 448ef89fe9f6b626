// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/finding/finding.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/event/grouped.h"

namespace weir {
namespace {

/// Which stages lie behind which.
class Course {
  public:
    explicit Course(const std::vector<StageSpec>& stages) {
        for (std::size_t i = 0; i < stages.size(); ++i) {
            m_order.emplace(stages[i].name, i);
            for (const StageSpec& next : stages)
                if (reads_from(next, stages[i]))
                    m_next[stages[i].name].push_back(next.name);
        }
    }
    /// The same stage counts as behind itself.
    bool is_behind(const std::string& stage, const std::string& cause) const {
        std::set<std::string> seen;
        return reaches(cause, stage, seen);
    }
    std::size_t order(const std::string& stage) const {
        const auto known = m_order.find(stage);
        return known == m_order.end() ? m_order.size() : known->second;
    }

  private:
    static bool reads_from(const StageSpec& next, const StageSpec& stage) {
        return std::any_of(next.inputs.begin(), next.inputs.end(), [&](const std::string& input) {
            return std::find(stage.outputs.begin(), stage.outputs.end(), input) !=
                   stage.outputs.end();
        });
    }
    bool reaches(const std::string& from, const std::string& to,
                 std::set<std::string>& seen) const {
        if (from == to)
            return true;
        if (!seen.insert(from).second)
            return false;
        const auto next = m_next.find(from);
        return next != m_next.end() &&
               std::any_of(next->second.begin(), next->second.end(),
                           [&](const std::string& one) { return reaches(one, to, seen); });
    }

    std::map<std::string, std::vector<std::string>> m_next;
    std::map<std::string, std::size_t> m_order;
};

/// Late events follow from a stage that holds events up, at it or behind it; and what is missing
/// behind that very stage may still stand in front of it.
bool follows(const Finding& finding, const Finding& cause, const Course& course) {
    if (!cause.holds_up || &finding == &cause || finding.scope.stage.empty() ||
        cause.scope.stage.empty())
        return false;
    if (finding.scope.stage == cause.scope.stage)
        return !finding.holds_up;
    return finding.fate == Fate::Late && course.is_behind(finding.scope.stage, cause.scope.stage);
}

bool is_worse(const Finding& a, const Finding& b, const Course& course) {
    if (a.fate != b.fate)
        return a.fate < b.fate;
    const std::int64_t of_a = a.events.count.value_or(0);
    const std::int64_t of_b = b.events.count.value_or(0);
    if (of_a != of_b)
        return of_a > of_b;
    return course.order(a.scope.stage) < course.order(b.scope.stage);
}

void fold_in(Finding& cause, Finding consequence) {
    if (consequence.scope.stage == cause.scope.stage && consequence.fate == Fate::Lost)
        consequence.fate = Fate::Unknown; // they may be what is waiting there
    if (consequence.since && cause.since)
        cause.since = std::min(*cause.since, *consequence.since);
    cause.consequences.push_back(std::move(consequence));
}

} // namespace

const char* to_word(Fate fate) {
    switch (fate) {
    case Fate::Lost:
        return "lost";
    case Fate::Unknown:
        return "unknown";
    case Fate::Late:
        return "late";
    }
    return "";
}

const char* to_word(Confidence confidence) {
    switch (confidence) {
    case Confidence::Certain:
        return "certain";
    case Confidence::Likely:
        return "likely";
    case Confidence::Possible:
        return "possible";
    }
    return "";
}

std::string AffectedCount::text() const {
    if (!count)
        return "not known";
    return error == 0 ? grouped(*count) : "about " + grouped(*count) + " ± " + grouped(error);
}

std::vector<Finding> ranked(std::vector<Finding> findings, const std::vector<StageSpec>& stages) {
    const Course course(stages);
    // Upstream first: the first cause that is found lies furthest upstream.
    std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
        return course.order(a.scope.stage) < course.order(b.scope.stage);
    });
    std::vector<Finding> causes;
    std::vector<Finding> rest;
    for (Finding& one : findings) {
        const bool is_cause =
            one.holds_up && std::none_of(causes.begin(), causes.end(), [&](const Finding& cause) {
                return follows(one, cause, course);
            });
        (is_cause ? causes : rest).push_back(std::move(one));
    }
    for (Finding& one : rest) {
        const auto cause = std::find_if(causes.begin(), causes.end(),
                                        [&](const Finding& c) { return follows(one, c, course); });
        if (cause != causes.end())
            fold_in(*cause, std::move(one));
        else
            causes.push_back(std::move(one));
    }
    std::stable_sort(causes.begin(), causes.end(),
                     [&](const Finding& a, const Finding& b) { return is_worse(a, b, course); });
    return causes;
}

} // namespace weir
