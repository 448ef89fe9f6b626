// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The finding that matters most, or the one that is chosen, in a sentence; below it how sure that
// is, who is concerned, and what to do. Without a finding it says so, and up to when that holds.
// Thread contract: GUI thread only.
#pragma once

#include <memory>

#include "models/overview/overview.h"
#include "widgets/common/controls.h"
#include "widgets/common/zone_clock.h"

namespace weir {

class FindingCard : public Card {
    Q_OBJECT
  public:
    explicit FindingCard(QWidget* parent = nullptr);

    /// `number` of `count` findings, from 1.
    void showFinding(const Finding& finding, int number, int count, const ZoneClock& clock);
    void showNone(const Overview& overview, const ZoneClock& clock);

    QString sentence() const { return m_sentence->text(); }
    QString detail() const { return m_detail->text(); }
    QString position() const { return m_position->text(); }
    QPushButton* showButton() const { return m_show; }
    QPushButton* nextButton() const { return m_next; }

  Q_SIGNALS:
    void showRequested();
    void copyCommandRequested();
    void copyMarkdownRequested();
    void nextRequested();

  private:
    TextLabel* m_sentence;
    TextLabel* m_detail;
    TextLabel* m_step;
    TextLabel* m_position;
    QPushButton* m_show;
    QPushButton* m_copy_command;
    QPushButton* m_copy_markdown;
    QPushButton* m_next;
};

} // namespace weir
