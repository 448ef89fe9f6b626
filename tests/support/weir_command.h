// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line as a script sees it: as a process, or within this one.
// Thread contract: one thread. Waits for the process to end; two minutes are a failure (code -1).
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <cstdio>
#include <string>
#include <vector>

namespace weir::test {

struct Answer {
    int code = -1;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

/// The command line within this process: no program has to be there, and no window can be.
Answer weir_in_process(const std::vector<std::string>& words);
/// The same, with what it prints to `out` instead.
Answer weir_in_process(const std::vector<std::string>& words, std::FILE* out);

/// Path of the program; the test's target must depend on it being built.
QString weir_program();
Answer weir_says(const QStringList& arguments);
/// "search -q -t raw_events" and words that hold spaces.
Answer weir_says(const QString& line, const QStringList& more = {});

/// What a line pasted into a shell prints, with the program on its PATH.
QByteArray shell_says(const QString& line);

} // namespace weir::test
