// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/finding/finding_changes.h"

namespace weir {
namespace {

void flatten(const std::vector<Finding>& findings, const Finding* cause,
             std::vector<FlatFinding>& out) {
    for (const Finding& one : findings) {
        FlatFinding flat{one, {}, {}};
        flat.finding.consequences.clear();
        if (cause != nullptr) {
            flat.cause_code = cause->code;
            flat.cause = cause->scope;
        }
        out.push_back(std::move(flat));
        flatten(one.consequences, &one, out);
    }
}

bool has_changed_much(const AffectedCount& now, const AffectedCount& told) {
    if (!now.count || !told.count)
        return now.count != told.count;
    return *now.count != *told.count &&
           (*now.count >= 2 * *told.count || *told.count >= 2 * *now.count);
}

bool is_another(const FlatFinding& now, const FlatFinding& told) {
    const Finding& a = now.finding;
    const Finding& b = told.finding;
    return a.fate != b.fate || a.confidence != b.confidence || a.scope.values != b.scope.values ||
           now.cause_code != told.cause_code || now.cause.stage != told.cause.stage ||
           now.cause.group != told.cause.group || has_changed_much(a.events, b.events);
}

} // namespace

std::vector<FlatFinding> flattened(const std::vector<Finding>& findings) {
    std::vector<FlatFinding> all;
    flatten(findings, nullptr, all);
    return all;
}

const char* to_word(FindingChange::State state) {
    switch (state) {
    case FindingChange::State::Began:
        return "began";
    case FindingChange::State::Changed:
        return "changed";
    case FindingChange::State::Ended:
        return "ended";
    }
    return "";
}

std::vector<FindingChange> FindingChanges::next(const std::vector<Finding>& findings) {
    std::map<Key, Known> now;
    std::vector<FindingChange> news;
    std::vector<FindingChange> ended;
    for (FlatFinding& one : flattened(findings)) {
        const FindingScope& scope = one.finding.scope;
        Key key{one.finding.code, scope.connection, scope.stage, scope.place, scope.group, 0};
        while (now.contains(key))
            ++std::get<int>(key);
        const auto before = m_known.find(key);
        const bool began = before == m_known.end();
        const bool told = began || is_another(one, before->second.told);
        if (told)
            news.push_back(
                {began ? FindingChange::State::Began : FindingChange::State::Changed, one});
        now.emplace(std::move(key), Known{one, told ? one : before->second.told});
    }
    for (auto& [key, known] : m_known)
        if (!now.contains(key))
            ended.push_back({FindingChange::State::Ended, std::move(known.now)});
    m_known = std::move(now);
    ended.insert(ended.end(), news.begin(), news.end());
    return ended;
}

} // namespace weir
