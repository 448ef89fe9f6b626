// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The popups of the top bar: the time range (presets, or from … to …) and the zone.
// Thread contract: GUI thread only.
#pragma once

#include <QFrame>

#include "widgets/common/view_context.h"

class QLineEdit;
class QListWidget;
class QPushButton;

namespace weir {

class TextLabel;

class RangePopup : public QFrame {
    Q_OBJECT
  public:
    RangePopup(ViewContext& context, QWidget* parent);
    void popUpUnder(QWidget* button);

  private:
    void apply_typed();
    void apply_preset(int row);

    ViewContext& m_context;
    QListWidget* m_presets;
    QLineEdit* m_from;
    QLineEdit* m_to;
    TextLabel* m_note;
};

class ZonePopup : public QFrame {
    Q_OBJECT
  public:
    ZonePopup(ViewContext& context, QWidget* parent);
    void popUpUnder(QWidget* button);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void search(const QString& pattern);
    void apply();

    ViewContext& m_context;
    QLineEdit* m_field;
    QListWidget* m_list;
};

} // namespace weir
