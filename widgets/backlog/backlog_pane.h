// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All that is known of the group or partition that is chosen: the verdict with its reason, what it
// stands on, the lag over time, the record that is to be read next, and the commands that would
// read, skip or reset, to be copied.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <functional>
#include <memory>

#include "models/backlog/backlog_snapshot.h"
#include "widgets/common/controls.h"
#include "widgets/common/zone_clock.h"

class QGridLayout;
class QStackedWidget;
class QTabBar;

namespace weir {

class DetailPane;
class LagLine;

class BacklogPane : public QWidget {
    Q_OBJECT
  public:
    explicit BacklogPane(QWidget* parent = nullptr);

    enum Tab { History, Next };

    /// `partition` is one of the group's, or null for the group.
    void show(std::shared_ptr<const GroupBacklog> group, const PartitionBacklog* partition);
    void showNothing();
    void setClock(const ZoneClock& clock);
    /// What is said where the next record is not shown; with a button if it can be.
    void setNextText(const QString& text, bool can_be_opened);
    DetailPane* detail() const { return m_detail; }
    void showDetail();

    QTabBar* tabs() const { return m_tabs; }
    QString titleText() const { return m_title->text(); }
    QString reasonText() const { return m_reason->text(); }
    QString factText(const QString& name) const;
    LagLine* chart() const { return m_chart; }
    QPushButton* openButton() const { return m_open; }
    QToolButton* copyButton() const { return m_copy; }

  Q_SIGNALS:
    void openWanted();

  private:
    void build_left(QWidget* left);
    void build_right(QWidget* right);
    void show_facts();
    void show_curve();

    std::shared_ptr<const GroupBacklog> m_group;
    const PartitionBacklog* m_partition = nullptr; // of m_group
    Pill* m_verdict;
    TextLabel* m_title;
    TextLabel* m_reason;
    QGridLayout* m_grid;
    std::vector<std::pair<TextLabel*, TextLabel*>> m_facts; // a name and its text
    QToolButton* m_copy;
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    LagLine* m_chart;
    QStackedWidget* m_next;
    TextLabel* m_next_text;
    QPushButton* m_open;
    DetailPane* m_detail;
};

} // namespace weir
