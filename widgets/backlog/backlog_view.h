// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Backlog view: every consumer group and partition with how far it is behind, in records and in
// time, and a verdict with its reason; below, what the verdict of the chosen one stands on. It
// pulls on the frame's tick and never waits. Thread contract: GUI thread only. Bound: as
// BacklogWatch.
#pragma once

#include <memory>

#include "models/live/event_detail.h"
#include "widgets/backlog/backlog_source.h"
#include "widgets/common/view.h"
#include "widgets/common/view_context.h"

class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace weir {

class BacklogPane;
class BacklogTree;
class StatePage;
class TextLabel;

class BacklogView : public View {
    Q_OBJECT
  public:
    BacklogView(std::unique_ptr<BacklogSource> source, ViewContext& context,
                QWidget* parent = nullptr);
    ~BacklogView() override;

    QString id() const override { return QStringLiteral("backlog"); }
    QString title() const override { return tr("Backlog"); }
    Icon icon() const override { return Icon::Backlog; }
    /// Groups whose verdict somebody should look at.
    ViewBadge badge() const override;
    void chartTick() override;
    /// {"key", "search", "bad", "connection", "tab"}, or from elsewhere {"group"}.
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    QJsonObject layoutState() const override;
    void restoreLayout(const QJsonObject& state) override;
    QList<QAction*> commands() const override { return m_commands; }
    QList<PaletteEntry> paletteEntries() const override;
    QWidget* firstFocus() override;
    bool hasContent() const override;

    BacklogTree* list() const { return m_tree; }
    BacklogPane* pane() const { return m_pane; }
    StatePage* statePage() const { return m_state; }
    QLineEdit* search() const { return m_search; }
    QPushButton* onlyBad() const { return m_bad; }
    QString statusText() const;
    /// What a copy's name stands for: "lag", "read", "skip", "reset"; empty: there is none.
    QString copyText(const QString& what) const;

  protected:
    void hideEvent(QHideEvent* event) override;

  private:
    // backlog_view.cpp
    void build();
    QWidget* buildToolLine();
    void connectParts();
    void refresh();
    void observe();
    void showState(const BacklogSnapshot* snapshot);
    void showChosen();
    void setFilter();
    std::string connection() const;

    // backlog_view_actions.cpp
    void makeCommands();
    void fillConnections();
    void fillCopies();
    void copy(const QString& what);
    void note(const QString& text);

    // backlog_view_record.cpp
    void showNext(const GroupBacklog& group, const PartitionBacklog* partition);
    void openNext();
    void openNextByHand();
    void takeOpened();

    const std::unique_ptr<BacklogSource> m_source;
    ViewContext& m_context;
    std::shared_ptr<const BacklogSnapshot> m_snapshot; // that is shown
    std::uint64_t m_observation = 0;
    QString m_connection; // chosen by the user; empty: the first
    QString m_state_shown;

    struct NextShown { // which record the pane tells of
        std::string group;
        kafka::TopicPartition at;
        std::int64_t offset = -1;
        bool operator==(const NextShown&) const = default;
    };
    NextShown m_next;
    bool m_opening = false; // it is being read
    std::unique_ptr<EventLoader> m_loader;
    std::uint64_t m_detail_token = 0;

    QLineEdit* m_search = nullptr;
    QPushButton* m_bad = nullptr;
    QToolButton* m_connections = nullptr;
    TextLabel* m_status = nullptr;
    TextLabel* m_note = nullptr;
    QStackedWidget* m_stack = nullptr;
    StatePage* m_state = nullptr;
    QSplitter* m_splitter = nullptr;
    BacklogTree* m_tree = nullptr;
    BacklogPane* m_pane = nullptr;
    QList<QAction*> m_commands;
};

/// The line over the list: how many groups have which verdict, how old it is, what is missing.
QString backlog_status_text(const BacklogSnapshot& snapshot, Micros now);

} // namespace weir
