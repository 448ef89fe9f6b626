// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/application.h"

#include <QThread>

#include <chrono>
#include <clocale>

namespace weir {

Application::Application(int& argc, char** argv)
    : QApplication(argc, argv) {
    // Qt takes the user's locale: numbers that are read and written by C functions have a point.
    std::setlocale(LC_NUMERIC, "C");
    setApplicationName(QStringLiteral("weir"));
    setApplicationDisplayName(QStringLiteral("Weir"));
    setDesktopFileName(QStringLiteral("weir"));
    setApplicationVersion(QStringLiteral(WEIR_VERSION));
}

bool Application::notify(QObject* receiver, QEvent* event) {
    // Every thread's events come through here; only this one's are measured.
    if (QThread::currentThread() != thread() || m_depth > 0)
        return QApplication::notify(receiver, event);
    ++m_depth;
    const auto begin = std::chrono::steady_clock::now();
    const bool handled = QApplication::notify(receiver, event);
    m_busy.add((std::chrono::steady_clock::now() - begin).count());
    --m_depth;
    return handled;
}

} // namespace weir
