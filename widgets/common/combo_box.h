// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A choice among a few words. While it is closed, the wheel is not its own: it scrolls what the box
// stands in, so that nobody turns Production into Sandbox by scrolling past. Keys change it, and so
// does the list that a click opens.
// Thread contract: GUI thread only.
#pragma once

#include <QComboBox>

namespace weir {

class ComboBox : public QComboBox {
    Q_OBJECT
  public:
    explicit ComboBox(const QStringList& items = {}, QWidget* parent = nullptr);

  protected:
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace weir
