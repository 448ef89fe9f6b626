// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks how the topics are to be searched, and says before it starts what will be read and how long
// that will take. Enter starts at once, also before that is known.
// Thread contract: GUI thread only; nothing here waits. Bound: one search, which is given up when
// the popup closes without it having been started.
#pragma once

#include <QFrame>

#include <functional>
#include <memory>

#include "widgets/live/live_source.h"

class QCheckBox;
class QPushButton;
class QRadioButton;

namespace weir {

class TextLabel;

class SearchPopup : public QFrame {
    Q_OBJECT
  public:
    /// Null: the search cannot be made now.
    using Planner = std::function<std::unique_ptr<LiveSearch>(bool exhaustive)>;

    explicit SearchPopup(QWidget* parent);
    /// `what`: what is looked for, in words.
    void ask(QWidget* button, const QString& what, Planner planner);
    /// Shows what has become known since.
    void tick();
    /// The search that was started; null: none was.
    std::unique_ptr<LiveSearch> take() { return std::move(m_started); }

    QString planText() const;
    QPushButton* startButton() const { return m_start; }
    QRadioButton* oldestFirst() const { return m_oldest; }
    QCheckBox* exhaustive() const { return m_exhaustive; }

  Q_SIGNALS:
    void started();

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void plan();
    void start();

    Planner m_planner;
    std::unique_ptr<LiveSearch> m_search;
    std::unique_ptr<LiveSearch> m_started;
    TextLabel* m_what;
    TextLabel* m_plan;
    TextLabel* m_assumed;
    QRadioButton* m_newest;
    QRadioButton* m_oldest;
    QCheckBox* m_exhaustive;
    QPushButton* m_start;
};

/// "Reads at most 5,000,000 records, about 2.7 GB, in 6 partitions; that takes about 5 s"
QString search_plan_text(const LiveSearchPlan& plan);

} // namespace weir
