// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/combo_box.h"

#include <QWheelEvent>

namespace weir {

ComboBox::ComboBox(const QStringList& items, QWidget* parent)
    : QComboBox(parent) {
    setFocusPolicy(Qt::StrongFocus); // as it is, but for the wheel
    addItems(items);
}

void ComboBox::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

} // namespace weir
