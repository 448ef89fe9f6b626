// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audit trail in the window: who looked at what unmasked and exported it, when and why, and
// whether the trail holds. Thread contract: GUI thread only; the file is read on another one.
#pragma once

#include <QDialog>

#include "app/gui/audit_model.h"
#include "models/catalogue/later.h"

class QTableView;

namespace weir {

class TextLabel;

class AuditDialog : public QDialog {
    Q_OBJECT
  public:
    AuditDialog(std::string file, const ZoneClock& clock, QWidget* parent = nullptr);

    QTableView* table() const { return m_table; }
    /// "The chain of 12 entries holds", or why nothing is shown.
    QString verdict() const;

  private:
    void look();

    AuditModel* m_model;
    QTableView* m_table;
    TextLabel* m_verdict;
    Later<AuditReading> m_reading;
};

} // namespace weir
