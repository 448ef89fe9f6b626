// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text for those who show it.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string>

namespace weir {

inline QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

/// For functions that belong to no QObject.
inline QString tr(const char* text) {
    return QCoreApplication::translate("Weir", text);
}

} // namespace weir
