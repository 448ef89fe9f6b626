// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QClipboard>
#include <QGuiApplication>

namespace weir {

inline void copy_text(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

} // namespace weir
