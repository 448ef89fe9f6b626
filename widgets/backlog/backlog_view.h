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
#include "widgets/common/framed_view.h"
#include "widgets/common/view_context.h"

class QLineEdit;
class QPushButton;
class QToolButton;

namespace weir {

class BacklogPane;
class BacklogTree;

class BacklogView : public FramedView {
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
    QList<PaletteEntry> paletteEntries() const override;
    bool hasContent() const override;

    BacklogTree* list() const { return m_tree; }
    BacklogPane* pane() const { return m_pane; }
    QLineEdit* search() const { return m_search; }
    QPushButton* onlyBad() const { return m_bad; }
    /// What a copy's name stands for: "lag", "read", "skip", "reset"; empty: there is none.
    QString copyText(const QString& what) const;

  protected:
    void hideEvent(QHideEvent* event) override;
    QWidget* contentFocus() override;
    QWidget* pageFocus() override;

  private:
    // backlog_view.cpp
    void build();
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
    BacklogTree* m_tree = nullptr;
    BacklogPane* m_pane = nullptr;
};

/// The line over the list: how many groups have which verdict, how old it is, what is missing.
QString backlog_status_text(const BacklogSnapshot& snapshot, Micros now);

} // namespace weir
