// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The QApplication of the window: it times every outermost event that the GUI thread handles, which
// is what the GUI thread is busy with, whatever the event dispatcher is.
// Thread contract: GUI thread only.
#pragma once

#include <QApplication>

#include "widgets/common/busy_meter.h"

namespace weir {

class Application : public QApplication {
    Q_OBJECT
  public:
    Application(int& argc, char** argv);
    bool notify(QObject* receiver, QEvent* event) override;

    BusyMeter& busy() { return m_busy; }
    /// The running Application, null in a process with another QApplication (a test's).
    static Application* instance() {
        return qobject_cast<Application*>(QCoreApplication::instance());
    }

  private:
    BusyMeter m_busy;
    int m_depth = 0;
};

} // namespace weir
