// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small window that asks for a time or an offset to go to.
// Thread contract: GUI thread only.
#pragma once

#include <QFrame>

#include "models/live/jump_target.h"
#include "widgets/common/zone_clock.h"

class QLineEdit;

namespace weir {

class TextLabel;

class JumpPopup : public QFrame {
    Q_OBJECT
  public:
    explicit JumpPopup(QWidget* parent);
    void ask(const QPoint& global_position, const ZoneClock& clock);
    QLineEdit* edit() const { return m_edit; }
    QString problem() const;

  Q_SIGNALS:
    void chosen(const weir::JumpTarget& target);

  private:
    void accept();
    Result<JumpTarget> parse(const QString& text) const;

    QLineEdit* m_edit;
    TextLabel* m_problem;
    ZoneClock m_clock;
};

} // namespace weir
