// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/plain_tooltip.h"

namespace weir {

QString plain_tooltip(const QString& text) {
    if (text.isEmpty())
        return {};
    const QString shown = text.size() <= tooltip_chars_max
                              ? text
                              : text.left(tooltip_chars_max) % QStringLiteral("…");
    return QStringLiteral("<span style=\"white-space: pre-wrap\">") % shown.toHtmlEscaped() %
           QStringLiteral("</span>");
}

} // namespace weir
