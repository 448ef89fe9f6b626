// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a window without a workspace shows: open one, make a connection, or start the demonstration.
// Thread contract: GUI thread only.
#pragma once

#include <QStringList>
#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace weir {

class WelcomePage : public QWidget {
    Q_OBJECT
  public:
    /// `with_demo`: there is a demonstration to start.
    WelcomePage(bool with_demo, QWidget* parent);
    void setRecent(const QStringList& files);
    QWidget* firstFocus() const;

  Q_SIGNALS:
    void openWorkspaceRequested();
    void newConnectionRequested();
    void demoRequested();
    void recentRequested(const QString& file);

  private:
    QVBoxLayout* m_recent;
    QWidget* m_recent_box;
    QPushButton* m_first = nullptr;
};

} // namespace weir
