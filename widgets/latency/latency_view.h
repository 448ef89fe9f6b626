// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Latency view: a small multiple each way, the chosen one's durations as a heatmap, and beside
// it what the events of a chosen rectangle have in common, and how fresh each place is.
// Thread contract: GUI thread only; what takes longer is worked out elsewhere (Later).
// Bound: what the books hold; figures are made anew twice a second at most.
#pragma once

#include <QElapsedTimer>

#include <memory>
#include <optional>
#include <vector>

#include "models/catalogue/later.h"
#include "models/latency/latency_difference.h"
#include "widgets/common/framed_view.h"
#include "widgets/common/view_context.h"
#include "widgets/latency/latency_card.h"
#include "widgets/latency/latency_source.h"

class QBoxLayout;
class QGridLayout;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace weir {

class DifferenceList;
class Heatmap;

class LatencyView : public FramedView {
    Q_OBJECT
  public:
    LatencyView(std::unique_ptr<LatencySource> source, ViewContext& context,
                QWidget* parent = nullptr);
    ~LatencyView() override;

    QString id() const override { return QStringLiteral("latency"); }
    QString title() const override { return tr("Latency"); }
    Icon icon() const override { return Icon::Clock; }
    /// Ways over their target, in the shared range; also while another view is on screen.
    ViewBadge badge() const override;
    void chartTick() override;
    /// {"line", "clock"}, and of a selection {"from", "to", "least", "most"}.
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    bool hasContent() const override;

    const std::vector<LatencyCard*>& cards() const { return m_cards; }
    Heatmap* heatmap() const { return m_heatmap; }
    DifferenceList* differences() const { return m_differences; }
    QString headline() const { return m_headline->text(); }
    QString mapText() const { return m_map_text->text(); }
    QString selectionText() const { return m_selection_text->text(); }
    ClockPolicy clockPolicy() const { return m_policy; }
    void setClockPolicy(ClockPolicy policy);
    /// The Live view, narrowed to the selection's topic and times, and to the chosen value.
    void showEvents(bool of_value);
    /// The command that gives the same figures.
    QString command() const;

  protected:
    QWidget* contentFocus() override;

  private:
    // latency_view.cpp
    void refresh();
    void showCards(const LatencyRange& range);
    void showHeatmap(const LatencyRange& range);
    std::vector<ChartMark> marks(const LatencyLine& line) const;
    void showFreshness();
    void showState();
    void choose(const QString& key);
    const LatencyLine* chosen() const;

    // latency_view_build.cpp
    void build();
    QWidget* buildMap();
    QWidget* buildSide();
    void makeCommands();

    // latency_view_selection.cpp
    void askDifferences();
    void takeDifferences();
    void showSelection();
    QString selectionWords(const LatencySelection& selection) const;

    const std::unique_ptr<LatencySource> m_source;
    ViewContext& m_context;
    std::vector<LatencySeen> m_seen; // that is shown
    QString m_history_trouble;
    LatencyRange m_range;
    std::vector<LatencyLine> m_lines;
    QString m_chosen; // key of a line
    ClockPolicy m_policy = ClockPolicy::Raw;
    QElapsedTimer m_age;
    mutable ViewBadge m_badge; // as it was at m_badge_age
    mutable QElapsedTimer m_badge_age;
    bool m_stale = true; // something else than time has changed
    using Differences = std::vector<DimensionDifference>;
    Later<Differences> m_later;
    std::shared_ptr<const Differences> m_shown_differences;
    QElapsedTimer m_differences_age;

    QScrollArea* m_card_area = nullptr;
    QBoxLayout* m_card_row = nullptr;
    std::vector<LatencyCard*> m_cards;
    TextLabel* m_headline = nullptr;
    TextLabel* m_map_text = nullptr;
    QToolButton* m_clocks = nullptr;
    Heatmap* m_heatmap = nullptr;
    TextLabel* m_selection_text = nullptr;
    DifferenceList* m_differences = nullptr;
    QPushButton* m_show = nullptr;
    QPushButton* m_show_value = nullptr;
    QGridLayout* m_freshness = nullptr;
    std::vector<std::array<TextLabel*, 3>> m_fresh_rows;
};

} // namespace weir
