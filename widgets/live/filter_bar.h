// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter bar: the line, whether it is right, what was written before, and the button that looks
// through the whole topic. Enter applies; a mistake is marked at its column and named below, once
// the writer pauses, leaves the line or presses Enter: what is half written is not wrong yet.
// Thread contract: GUI thread only.
#pragma once

#include <QFrame>
#include <QTimer>

#include <memory>

#include "models/event/filter/filter.h"
#include "widgets/live/filter_edit.h"

class QPushButton;
class QToolButton;

namespace weir {

class TextLabel;

class FilterBar : public QWidget {
    Q_OBJECT
  public:
    explicit FilterBar(QWidget* parent = nullptr);
    ~FilterBar() override;

    FilterEdit* edit() const { return m_edit; }
    QString text() const;
    /// Writes and applies it.
    void apply(const QString& text);
    /// The newest one that was applied; null: everything.
    std::shared_ptr<const Filter> filter() const { return m_filter; }
    QString appliedText() const { return m_applied_text; }
    /// What is marked as wrong with the text as it stands; empty: nothing.
    QString mistake() const;
    /// What may be offered while a filter is written.
    void setSeen(std::function<FilterSeen()> seen);
    void setSearchVisible(bool visible);
    QPushButton* searchButton() const { return m_search; }
    void setSearching(bool searching);
    /// Adds `term` to what is written, with `and`.
    void addTerm(const QString& term);

  Q_SIGNALS:
    void filterApplied();
    void searchWanted();

  private:
    class Box;
    void check();
    void showMistake();
    void mark(const Error& error);
    void applyText();
    void fillHistory();
    void fillSaved();
    void saveFilter();

    Box* m_box;
    FilterEdit* m_edit;
    TextLabel* m_mark;
    QToolButton* m_clear;
    TextLabel* m_message;
    QToolButton* m_history;
    QToolButton* m_saved;
    QPushButton* m_search;
    std::shared_ptr<const Filter> m_filter;
    QString m_applied_text;
    QString m_checked_text;
    QTimer m_pause; // of the writer
};

} // namespace weir
