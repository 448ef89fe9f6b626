// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of one reason: what it is and what to do, which values its events have, and some of
// the events.
// Thread contract: GUI thread only. Bound: one row.
#pragma once

#include <QWidget>

#include <vector>

#include "models/invalid/sample_model.h"
#include "widgets/common/controls.h"
#include "widgets/common/zone_clock.h"
#include "widgets/invalid/value_bars.h"

class QPushButton;
class QTableView;
class QToolButton;

namespace weir {

struct InvalidRow;

class InvalidPane : public QWidget {
    Q_OBJECT
  public:
    explicit InvalidPane(QWidget* parent = nullptr);

    void setClock(const ZoneClock& clock);
    /// Null: nothing is chosen.
    void show(const InvalidRow* row, const std::shared_ptr<const Vocabulary>& vocabulary);
    /// The values of `dimension`, which is what the menu is called.
    void showValues(const QString& dimension, std::vector<ValueBars::Value> values);

    QTableView* samples() const { return m_samples; }
    const SampleModel* sampleModel() const { return m_sample_model; }
    ValueBars* values() const { return m_values; }
    QToolButton* dimensionButton() const { return m_dimension; }
    QPushButton* eventsButton() const { return m_events; }
    QPushButton* sampleButton() const { return m_open; }
    QString title() const { return m_title->text(); }
    QString facts() const { return m_facts->text(); }

  Q_SIGNALS:
    void eventsWanted();        // all of the reason
    void valueWanted();         // of the chosen value
    void sampleWanted(int row); // of sampleModel()

  private:
    QWidget* buildFacts();
    QWidget* buildValues();
    QWidget* buildSamples();
    QString factsText(const InvalidRow& row) const;

    ZoneClock m_clock;
    Pill* m_severity = nullptr;
    TextLabel* m_title = nullptr;
    TextLabel* m_remedy = nullptr;
    TextLabel* m_facts = nullptr;
    QPushButton* m_events = nullptr;
    QToolButton* m_dimension = nullptr;
    ValueBars* m_values = nullptr;
    QTableView* m_samples = nullptr;
    SampleModel* m_sample_model = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace weir
