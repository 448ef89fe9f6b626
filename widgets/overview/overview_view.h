// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Overview: what is wrong, in a sentence; the pipeline; what became of the events of each
// stage; and all findings. It reads in five seconds from two metres.
// Thread contract: GUI thread only; the figures are worked out elsewhere (Later).
// Bound: the workspace's stages; figures are made anew twice a second at most.
#pragma once

#include <QElapsedTimer>

#include <memory>

#include "models/catalogue/later.h"
#include "models/overview/finding_model.h"
#include "models/overview/flow_model.h"
#include "widgets/common/controls.h"
#include "widgets/common/framed_view.h"
#include "widgets/common/view_context.h"
#include "widgets/overview/overview_source.h"

class QScrollArea;
class QTableView;

namespace weir {

class FindingCard;
class PipelineMap;
class RowTree;

class OverviewView : public FramedView {
    Q_OBJECT
  public:
    OverviewView(std::unique_ptr<OverviewSource> source, ViewContext& context,
                 QWidget* parent = nullptr);
    ~OverviewView() override;

    QString id() const override { return QStringLiteral("overview"); }
    QString title() const override { return tr("Overview"); }
    Icon icon() const override { return Icon::Overview; }
    /// The findings, also while another view is on screen.
    ViewBadge badge() const override;
    void chartTick() override;
    /// {"stage"}
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    bool hasContent() const override;
    bool opensFirst() const override;

    FindingCard* card() const { return m_card; }
    PipelineMap* map() const { return m_map; }
    QTableView* table() const { return m_table; }
    RowTree* findings() const { return m_findings; }
    QString tableNote() const { return m_table_note->text(); }
    /// As they are shown; null: nothing has been worked out yet.
    std::shared_ptr<const Overview> overview() const { return m_overview; }

  protected:
    QWidget* contentFocus() override;

  private:
    // overview_view_build.cpp
    void build();
    QWidget* buildMap(QWidget* parent);
    QWidget* buildTable(QWidget* parent);
    QWidget* buildFindings(QWidget* parent);

    // overview_view.cpp
    void ask();
    void take();
    void showAll();
    void showFinding();
    QString addWatched(QStringList& words) const;
    void showState();
    const Finding* chosenFinding() const;
    void openFinding();
    void openStage(int stage);
    std::string target(const std::string& connection) const;

    const std::unique_ptr<OverviewSource> m_source;
    ViewContext& m_context;
    Later<Overview> m_later;
    QElapsedTimer m_age;
    std::shared_ptr<const Overview> m_overview;

    FindingCard* m_card = nullptr;
    PipelineMap* m_map = nullptr;
    FlowModel* m_flow = nullptr;
    QTableView* m_table = nullptr;
    TextLabel* m_table_title = nullptr;
    TextLabel* m_table_note = nullptr;
    FindingModel* m_finding_model = nullptr;
    RowTree* m_findings = nullptr;
    TextLabel* m_no_findings = nullptr;
};

} // namespace weir
