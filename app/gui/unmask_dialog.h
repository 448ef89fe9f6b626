// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks for the reason for which what is masked is to be shown, and says what came of it.
// Thread contract: GUI thread only; the session is asked on the host's worker.
#pragma once

#include <QDialog>

#include "app/gui/session_host.h"
#include "widgets/common/zone_clock.h"

class QLineEdit;
class QPushButton;

namespace weir {

class TextLabel;

/// "Unmasked by jdoe (data protection) since 14:02:11: ticket 4711"
QString unmasking_text(const Unmasking& unmasking, const ZoneClock& clock);

class UnmaskDialog : public QDialog {
    Q_OBJECT
  public:
    explicit UnmaskDialog(SessionHost& host, QWidget* parent = nullptr);

    QLineEdit* reason() const { return m_reason; }
    QPushButton* unmaskButton() const { return m_unmask; }
    QString refusal() const;

  private:
    void ask();
    void answered(const QString& refusal);

    SessionHost& m_host;
    QLineEdit* m_reason;
    TextLabel* m_refusal;
    QPushButton* m_unmask;
};

} // namespace weir
