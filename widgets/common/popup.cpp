// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/popup.h"

#include <QFrame>
#include <QScreen>

#include <algorithm>

namespace weir {
namespace {

constexpr int distance_px = 4;

} // namespace

void frame_popup(QFrame* popup) {
    popup->setObjectName(QStringLiteral("popup"));
    popup->setProperty("weir", QStringLiteral("popup"));
    popup->setAttribute(Qt::WA_StyledBackground);
}

void show_at(QFrame* popup, QWidget* button) {
    popup->adjustSize();
    QPoint at = button->mapToGlobal(QPoint(0, button->height() + distance_px));
    const QRect screen = button->screen()->availableGeometry();
    at.setX(std::clamp(at.x(), screen.left(),
                       std::max(screen.left(), screen.right() - popup->width())));
    if (at.y() + popup->height() > screen.bottom())
        at.setY(at.y() - button->height() - 2 * distance_px - popup->height());
    popup->move(at);
    popup->show();
}

} // namespace weir
