// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One of the small multiples: a way's name, whether it keeps its target, its three figures, and
// how they went over time. One of them is chosen, by a click, Enter or the space bar.
// Thread contract: GUI thread only. Bound: three lines of a LineChart.
#pragma once

#include <QFrame>

#include <array>

#include "models/latency/latency_paths.h"
#include "widgets/common/chart.h"
#include "widgets/common/controls.h"

namespace weir {

/// What a card and the heatmap show of one way.
struct LatencyLine {
    std::size_t seen = 0; // which observation
    QString title;        // "end to end", "enrich", "raw_events: event → sent"
    QString detail;       // "raw_events → enriched_events"
    LatencyPath path;
    QuantileSketch durations; // over the whole range
    std::vector<LatencySlice> slices;
    bool estimate = false;              // its counts are of a sample
    std::vector<RecordRange> unwatched; // of the range

    bool broken() const;
    /// Stable as long as the pipeline is the same.
    QString key() const { return title % QLatin1Char('|') % detail; }
};

/// "p50 37 ms   p95 1.9 s   p99 4.4 s" in one line, with digits that stand still.
class FigureLine : public QWidget {
  public:
    explicit FigureLine(QWidget* parent = nullptr);
    /// `tone`: of the middle one.
    void set(const std::array<QString, 3>& figures, Token tone);
    const QString& figure(std::size_t index) const { return m_figures.at(index); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::array<QString, 3> m_figures;
    Token m_tone = Token::Text;
};

class LatencyCard : public QFrame {
    Q_OBJECT
  public:
    static constexpr int width_least = 238;
    static constexpr int card_height = 148;

    explicit LatencyCard(QWidget* parent = nullptr);

    void show(const LatencyLine& line, const LatencyRange& range);
    void setChosen(bool chosen);
    bool isChosen() const { return m_chosen; }
    void setClock(const ZoneClock& clock) { m_chart->setClock(clock); }
    QString title() const { return m_title->text(); }
    QString verdict() const { return m_verdict->text(); }
    QString figure(std::size_t index) const { return m_figures->figure(index); }
    LineChart* chart() const { return m_chart; }

  Q_SIGNALS:
    void chosen();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void showVerdict(const LatencyLine& line);

    TextLabel* m_title;
    Pill* m_verdict;
    FigureLine* m_figures;
    LineChart* m_chart;
    bool m_chosen = false;
};

} // namespace weir
