// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recorded histories of commits with what is to be said of them:
// tests/fixtures/backlog/verdicts.txt, whose first lines say how it is written. Thread contract:
// pure functions.
#pragma once

#include <QString>

#include <vector>

#include "models/backlog/backlog_facts.h"
#include "models/backlog/backlog_sample.h"

namespace weir::test {

struct BacklogCase {
    QString name, verdict, words;
    QString burrow, because; // what Burrow's rules say; why that is not what Weir says
    PartitionFacts partition;
    GroupFacts group;
    BacklogSamples looks; // as they were taken
    bool commits_again = false;
    Micros now{0};

    SampleHistory history() const;
};

/// Empty: the fixture cannot be read.
std::vector<BacklogCase> backlog_cases();
/// REQUIRES: there is one of that name.
BacklogCase backlog_case(QStringView name);

} // namespace weir::test
