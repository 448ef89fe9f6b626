// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file dialog, used by keys: the name is typed, and Enter takes it.
// Thread contract: GUI thread only.
#pragma once

#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QTest>

namespace weir::test {

/// Whether the window got the keyboard.
inline bool activated(QWidget* window) {
    window->activateWindow();
    return QTest::qWaitFor([&] { return QApplication::activeWindow() == window; });
}

/// The dialog that `parent` has opened; null: there is none.
inline QFileDialog* file_dialog(QWidget* parent) {
    if (!QTest::qWaitFor([&] { return parent->findChild<QFileDialog*>() != nullptr; }))
        return nullptr;
    auto* const dialog = parent->findChild<QFileDialog*>();
    return activated(dialog) ? dialog : nullptr;
}

inline void type_name(QFileDialog* dialog, const QString& name) {
    auto* const field = dialog->findChild<QLineEdit*>();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, name);
    QTest::keyClick(field, Qt::Key_Return);
}

} // namespace weir::test
