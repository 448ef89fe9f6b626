// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Invalid view: the reasons for which events are invalid, over time and ranked, with what their
// share is of and how that changed; of the chosen one which values its events have, and some of
// them, which lead to the events. It pulls on the frame's tick and never waits.
// Thread contract: GUI thread only. Bound: what the books hold; figures are made anew twice a
// second at most.
#pragma once

#include <QElapsedTimer>

#include <memory>
#include <vector>

#include "widgets/common/framed_view.h"
#include "widgets/common/view_context.h"
#include "widgets/invalid/invalid_source.h"
#include "widgets/invalid/reason_timeline.h"

class QLineEdit;
class QPushButton;

namespace weir {

class InvalidPane;
class InvalidTable;

class InvalidView : public FramedView {
    Q_OBJECT
  public:
    InvalidView(std::unique_ptr<InvalidSource> source, ViewContext& context,
                QWidget* parent = nullptr);
    ~InvalidView() override;

    QString id() const override { return QStringLiteral("invalid"); }
    QString title() const override { return tr("Invalid"); }
    Icon icon() const override { return Icon::Invalid; }
    /// New reasons, else a share that is over a percent; also while another view is on screen.
    ViewBadge badge() const override;
    void chartTick() override;
    /// {"key", "search", "bots", "split", "by"}
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    bool hasContent() const override;

    InvalidTable* list() const { return m_table; }
    InvalidPane* pane() const { return m_pane; }
    ReasonTimeline* timeline() const { return m_timeline; }
    QLineEdit* search() const { return m_search; }
    QPushButton* botsButton() const { return m_bots; }
    QPushButton* splitButton() const { return m_split; }
    /// What the chosen reason's events are told apart by; empty: what tells most.
    void setDimension(const QString& name);
    QString dimension() const { return m_dimension_shown; }
    /// The command that gives the same figures.
    QString command() const;

  protected:
    QWidget* contentFocus() override;
    QWidget* pageFocus() override;

  private:
    // invalid_view.cpp
    void build();
    void refresh();
    std::shared_ptr<const InvalidReport> makeReport(const InvalidSeen& seen) const;
    InvalidQuestion question(const InvalidSeen& seen) const;
    void showTimeline();
    void showStatus();
    void showState();
    void showChosen();
    void renew();
    void setFilter();

    // invalid_view_chosen.cpp
    void makeCommands();
    void showValues();
    std::vector<QString> dimensions() const;
    InvalidReport valuesBy(const QString& dimension) const;
    void openSample(int row);
    void openEvents(bool of_value);

    const std::unique_ptr<InvalidSource> m_source;
    ViewContext& m_context;
    InvalidSeen m_seen; // that is shown
    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::shared_ptr<const InvalidReport> m_report;
    QElapsedTimer m_age;
    bool m_stale = true; // something else than time has changed
    QString m_dimension; // chosen by the user; empty: none
    QString m_dimension_shown;
    QByteArray m_told_key;                  // of the row that it tells most of
    std::vector<std::string> m_value_texts; // of the values that are shown, as they are
    std::vector<std::pair<InvalidKind, ValueId>> m_colors; // a reason keeps its colour
    mutable ViewBadge m_badge;                             // as it was at m_badge_age
    mutable QElapsedTimer m_badge_age;

    QLineEdit* m_search = nullptr;
    QPushButton* m_split = nullptr;
    QPushButton* m_bots = nullptr;
    ReasonTimeline* m_timeline = nullptr;
    InvalidTable* m_table = nullptr;
    InvalidPane* m_pane = nullptr;
};

} // namespace weir
