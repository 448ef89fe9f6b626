// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window keeps for its user between starts: geometry, theme, zone, range, the layout of
// views, recent workspaces, and to which workspaces it may connect without asking. It lies in the
// user's own configuration folder and never in a workspace, so it works in read-only mode too.
// Thread contract: GUI thread only. Bound: 10 recent workspaces, 200 trusted ones.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QSettings>
#include <QStringList>

#include "models/workspace/workspace.h"
#include "widgets/common/theme.h"

namespace weir {

class UserSettings {
  public:
    UserSettings(); // the user's own file
    explicit UserSettings(const QString& file);

    QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    QString zone() const;
    void setZone(const QString& id);
    QString range() const;
    void setRange(const QString& id);
    QJsonObject layout(const QString& view) const;
    void setLayout(const QString& view, const QJsonObject& state);
    QStringList recentWorkspaces() const;
    void addRecentWorkspace(const QString& file);

    /// The user has once said yes to connect to exactly these connections of this file. One made
    /// in memory by the user's own words needs no question.
    bool mayConnect(const Workspace& workspace) const;
    void setMayConnect(const Workspace& workspace);

    /// Writes what was set to the file.
    void flush() { m_store.sync(); }

  private:
    QSettings m_store;
};

} // namespace weir
