// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The user's own filters: those that were used, newest first, and those that were given a name.
// Kept in the user's settings, so that they work where a workspace may not be written.
// Thread contract: GUI thread only. Bound: history_max and saved_max entries.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace weir {

class FilterStore {
  public:
    struct Saved {
        QString name;
        QString text;
    };
    static constexpr int history_max = 40;
    static constexpr int saved_max = 200;

    static QStringList history();
    static void remember(const QString& text);
    static QList<Saved> saved();
    /// Replaces one of the same name.
    static void save(const QString& name, const QString& text);
    static void forget(const QString& name);
};

} // namespace weir
