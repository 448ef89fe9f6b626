// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/backlog_cases.h"

#include <QFile>
#include <QtGlobal>

#include <algorithm>

#include "models/event/filter/time_text.h"
#include "tests/support/source_path.h"

namespace weir::test {

namespace {

constexpr std::int64_t epoch_us = 1'780'000'000'000'000;

std::int64_t span_us(const QString& text) {
    const auto span = parse_duration(text.toStdString());
    return span ? span->value() : -1;
}

bool is(const QString& word, const char* text) {
    return word == QLatin1String(text);
}

kafka::GroupState state_of(const QString& word) {
    using State = kafka::GroupState;
    return is(word, "stable")      ? State::Stable
           : is(word, "empty")     ? State::Empty
           : is(word, "dead")      ? State::Dead
           : is(word, "preparing") ? State::PreparingRebalance
                                   : State::Unknown;
}

void take_group(const QStringList& words, GroupFacts& group) {
    group.state = state_of(words.value(1));
    for (int i = 2; i + 1 < words.size(); i += 2) {
        if (is(words[i], "members"))
            group.members = words[i + 1].toULong();
        if (is(words[i], "listed")) {
            group.is_listed = true;
            group.listed = state_of(words[i + 1]);
        }
    }
}

void take_look(const QStringList& words, BacklogCase& c) {
    c.now = Micros(epoch_us + span_us(words[0]));
    c.partition.committed = words.value(1).toLongLong();
    c.partition.end = words.value(2).toLongLong();
    c.partition.last_stable = words.size() > 3 ? words[3].toLongLong() : -1;
    c.looks.push_back({c.now, c.partition.committed, c.partition.end, c.partition.last_stable});
}

/// Once the newest look is known.
void finish(BacklogCase& c, const QStringList& next) {
    PartitionFacts& p = c.partition;
    if (next.isEmpty())
        return;
    p.next.seen = is(next[1], "record") ? NextUnread::Seen::Record : NextUnread::Seen::Nothing;
    p.next.from = p.committed;
    p.next.end = p.end;
    if (!is(next[1], "record"))
        return;
    p.next.offset = next[2].toLongLong();
    p.next.time = c.now - Micros(span_us(next[4]));
    p.next.bytes = 535;
}

std::vector<BacklogCase> cases_of(const QString& text) {
    std::vector<BacklogCase> cases;
    QStringList next;
    const QStringList lines = text.split(u'\n');
    for (const QString& line : lines) {
        const QStringList words = line.simplified().split(u' ', Qt::SkipEmptyParts);
        if (words.isEmpty() || words[0].startsWith(u'#'))
            continue;
        if (is(words[0], "case")) {
            if (!cases.empty())
                finish(cases.back(), next);
            next.clear();
            cases.emplace_back();
            cases.back().name = words.mid(1).join(u' ');
            cases.back().partition.at = {"orders", PartitionId(0)};
            cases.back().partition.begin = 0;
            continue;
        }
        BacklogCase& c = cases.back();
        if (is(words[0], "expect")) {
            c.verdict = words[1];
            c.words = words.mid(2).join(u' ');
        } else if (is(words[0], "burrow")) {
            c.burrow = words[1];
            c.because = words.mid(2).join(u' ');
        } else if (is(words[0], "commits")) {
            c.commits_again = is(words[1], "again");
        } else if (is(words[0], "group")) {
            take_group(words, c.group);
        } else if (is(words[0], "assigned")) {
            c.partition.member = words[1].toStdString();
        } else if (is(words[0], "begin")) {
            c.partition.begin = words[1].toLongLong();
        } else if (is(words[0], "retention")) {
            c.partition.retention_us = span_us(words[1]);
        } else if (is(words[0], "next")) {
            next = words;
        } else if (is(words[0], "state")) {
            c.group.moments.push_back(
                {Micros(epoch_us + span_us(words[1])), state_of(words[2]), words[3].toULongLong()});
        } else {
            take_look(words, c);
        }
    }
    if (!cases.empty())
        finish(cases.back(), next);
    return cases;
}

} // namespace

SampleHistory BacklogCase::history() const {
    SampleHistory kept;
    for (const BacklogSample& look : looks)
        kept.add(look);
    return kept;
}

std::vector<BacklogCase> backlog_cases() {
    QFile file(QString::fromStdString(source_path("tests/fixtures/backlog/verdicts.txt")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return cases_of(QString::fromUtf8(file.readAll()));
}

BacklogCase backlog_case(QStringView name) {
    const std::vector<BacklogCase> cases = backlog_cases();
    const auto found = std::find_if(cases.begin(), cases.end(),
                                    [&](const BacklogCase& c) { return c.name == name; });
    if (found == cases.end())
        qFatal("no case is called %s", qPrintable(name.toString()));
    return *found;
}

} // namespace weir::test
