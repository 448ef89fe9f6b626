// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/fuzzy.h"

#include <QStringList>

#include <algorithm>

namespace weir {
namespace {

constexpr qsizetype length_max = 200;
constexpr int no_score = -1'000'000;

bool starts_word(const QString& text, qsizetype at) {
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    return !before.isLetterOrNumber() || (before.isLower() && text[at].isUpper());
}

/// The best alignment of one word: best[i][j] is the score of matching the first i letters with the
/// i-th one at text position j-1.
FuzzyMatch match_word(const QString& word, const QString& text) {
    const auto n = static_cast<std::size_t>(word.size());
    const auto m = static_cast<std::size_t>(text.size());
    if (n > m)
        return {};
    std::vector<int> best((n + 1) * (m + 1), no_score);
    std::vector<int> from((n + 1) * (m + 1), -1);
    const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
    for (std::size_t i = 1; i <= n; ++i) {
        int running = no_score; // the best of row i-1 before j-1, less one a character of distance
        int running_from = -1;
        for (std::size_t j = i; j <= m; ++j) {
            if (i > 1 && j >= 2) {
                running = running == no_score ? no_score : running - 1;
                if (best[at(i - 1, j - 2)] > running) {
                    running = best[at(i - 1, j - 2)];
                    running_from = static_cast<int>(j - 2);
                }
            }
            const QChar letter = text[static_cast<qsizetype>(j - 1)];
            if (letter.toCaseFolded() != word[static_cast<qsizetype>(i - 1)].toCaseFolded())
                continue;
            const int own = starts_word(text, static_cast<qsizetype>(j - 1)) ? 12 : 4;
            if (i == 1) {
                best[at(i, j)] = own + (j == 1 ? 4 : 0);
                continue;
            }
            const int in_a_row = best[at(i - 1, j - 1)];
            if (in_a_row != no_score && in_a_row + 8 >= running) {
                best[at(i, j)] = in_a_row + 8 + own;
                from[at(i, j)] = static_cast<int>(j - 1);
            } else if (running != no_score) {
                best[at(i, j)] = running + own;
                from[at(i, j)] = running_from;
            }
        }
    }
    std::size_t end = 0;
    int score = no_score;
    for (std::size_t j = n; j <= m; ++j) {
        if (best[at(n, j)] > score) {
            score = best[at(n, j)];
            end = j;
        }
    }
    if (score == no_score)
        return {};
    FuzzyMatch match;
    match.score = std::max(1, score);
    for (std::size_t i = n, j = end; i > 0; --i) {
        match.positions.push_back(static_cast<int>(j - 1));
        j = static_cast<std::size_t>(std::max(0, from[at(i, j)]));
    }
    std::reverse(match.positions.begin(), match.positions.end());
    return match;
}

} // namespace

FuzzyMatch fuzzy_match(const QString& pattern, const QString& text) {
    const QString subject = text.left(length_max);
    FuzzyMatch whole;
    whole.score = 1;
    const QStringList words = pattern.left(length_max).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& word : words) {
        const FuzzyMatch part = match_word(word, subject);
        if (part.score == 0)
            return {};
        whole.score += part.score;
        whole.positions.insert(whole.positions.end(), part.positions.begin(), part.positions.end());
    }
    std::sort(whole.positions.begin(), whole.positions.end());
    whole.positions.erase(std::unique(whole.positions.begin(), whole.positions.end()),
                          whole.positions.end());
    return whole;
}

} // namespace weir
