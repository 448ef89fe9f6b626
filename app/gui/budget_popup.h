// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast each observed cluster may be read: shown, and changed while it is read. A change counts
// for this session; the connection's own dialog keeps one.
// Thread contract: GUI thread only; nothing here blocks. REQUIRES: the host outlives it.
#pragma once

#include <QFrame>

class QFormLayout;

namespace weir {

class SessionHost;

class BudgetPopup : public QFrame {
    Q_OBJECT
  public:
    BudgetPopup(SessionHost& host, QWidget* parent);
    void popUpAt(QWidget* button);
    /// "read limit 5 MB/s"; of several connections that differ, the one that may read least.
    static QString summary(const SessionHost& host);

  Q_SIGNALS:
    void changed();

  private:
    SessionHost& m_host;
    QFormLayout* m_rows;
};

} // namespace weir
