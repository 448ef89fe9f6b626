// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latency/latency_card.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr std::array<double, 3> quantiles{0.5, 0.95, 0.99};

QString quantile_name(std::size_t index) {
    return std::array{QStringLiteral("p50"), QStringLiteral("p95"), QStringLiteral("p99")}[index];
}

/// A line's points: one a slice, in its middle, and a gap where nothing came.
LineChart::Points points(const std::vector<LatencySlice>& slices, double quantile) {
    LineChart::Points all;
    std::int64_t end_us = 0;
    for (const LatencySlice& slice : slices) {
        if (!all.empty() && slice.begin_us > end_us + slice.width_us)
            all.push_back({end_us, std::nan("")});
        all.push_back({slice.begin_us + slice.width_us / 2,
                       static_cast<double>(slice.durations.quantile(quantile))});
        end_us = slice.begin_us + slice.width_us;
    }
    return all;
}

} // namespace

bool LatencyLine::broken() const {
    return path.slo_p95_us > 0 && durations.count() > 0 &&
           durations.quantile(0.95) > path.slo_p95_us;
}

FigureLine::FigureLine(QWidget* parent)
    : QWidget(parent) {
    setFixedHeight(18);
}

void FigureLine::set(const std::array<QString, 3>& figures, Token tone) {
    m_figures = figures;
    m_tone = tone;
    update();
}

void FigureLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QFont plain = Theme::ui_font(12);
    const QFont strong = Theme::ui_font(12, QFont::DemiBold);
    constexpr qreal gap = 4;
    constexpr qreal least_between = 5;
    const auto font = [&](std::size_t i) { return i == 1 ? strong : plain; };
    std::array<qreal, 3> names{};
    std::array<qreal, 3> widths{};
    qreal free = width();
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i] = tabular_width(plain, quantile_name(i)) + gap;
        widths[i] = names[i] + tabular_width(font(i), m_figures[i]);
        free -= widths[i];
    }
    // Where three long ones are too many, the median gives way.
    const std::size_t first = free < 2 * least_between ? 1 : 0;
    const qreal between = first == 0 ? free / 2 : std::max(least_between, free + widths[0]);
    const qreal baseline = QFontMetricsF(plain).ascent() + 1;
    qreal left = 0;
    for (std::size_t i = first; i < names.size(); ++i) {
        painter.setFont(plain);
        painter.setPen(Theme::color(Token::Muted));
        painter.drawText(QPointF(left, baseline), quantile_name(i));
        painter.setFont(font(i));
        painter.setPen(Theme::color(i == 1 ? m_tone : Token::Text));
        draw_tabular(painter, {left + names[i], baseline}, m_figures[i]);
        left += widths[i] + between;
    }
}

LatencyCard::LatencyCard(QWidget* parent)
    : QFrame(parent)
    , m_title(new TextLabel({}, TextRole::Strong, this))
    , m_verdict(new Pill(this))
    , m_figures(new FigureLine(this))
    , m_chart(new LineChart({}, this)) {
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(width_least);
    setFixedHeight(card_height);
    m_title->setElided();
    m_title->setMinimumHeight(m_verdict->sizeHint().height()); // there or not
    m_chart->setCompact();
    m_chart->setScale(LineChart::Scale::Log);
    m_chart->setFocusPolicy(Qt::NoFocus); // the card has the keyboard
    m_chart->setValueText(
        [](double us) { return duration_text(static_cast<std::int64_t>(std::llround(us))); });
    m_chart->setLines({{quantile_name(0), Token::Series3},
                       {quantile_name(1), Token::Series1},
                       {quantile_name(2), Token::Series4}});
    auto* const top = new QHBoxLayout;
    top->setSpacing(6);
    top->addWidget(m_title, 1);
    top->addWidget(m_verdict);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 12, 8);
    all->setSpacing(4);
    all->addLayout(top);
    all->addWidget(m_figures);
    all->addWidget(m_chart, 1);
}

void LatencyCard::show(const LatencyLine& line, const LatencyRange& range) {
    m_title->setText(line.title);
    set_plain_tooltip(this, line.title % QStringLiteral("\n") % line.detail);
    showVerdict(line);
    QStringList spoken{line.title, line.detail, m_verdict->text()};
    const bool any = line.durations.count() > 0;
    std::array<QString, 3> figures;
    for (std::size_t i = 0; i < quantiles.size(); ++i) {
        figures[i] =
            any ? duration_text(line.durations.quantile(quantiles[i])) : QStringLiteral("–");
        spoken.append(QString(quantile_name(i) % QLatin1Char(' ') % figures[i]));
    }
    m_figures->set(figures, line.broken() ? Token::Red : Token::Text);
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    m_chart->setAccessibleName(line.title);
    m_chart->setLimit(line.path.slo_p95_us > 0
                          ? std::optional(static_cast<double>(line.path.slo_p95_us))
                          : std::nullopt);
    m_chart->setUnwatched(line.unwatched);
    m_chart->setData(range.from_us, range.to_us,
                     {points(line.slices, quantiles[0]), points(line.slices, quantiles[1]),
                      points(line.slices, quantiles[2])});
}

void LatencyCard::showVerdict(const LatencyLine& line) {
    m_verdict->setVisible(line.path.slo_p95_us > 0 || line.durations.count() == 0);
    if (line.durations.count() == 0)
        m_verdict->setText(tr("no data"), Pill::Tone::Neutral);
    else if (line.broken())
        m_verdict->setText(tr("▲ over target"), Pill::Tone::Red);
    else
        m_verdict->setText(tr("within"), Pill::Tone::Green);
}

void LatencyCard::setChosen(bool chosen) {
    m_chosen = chosen;
    update();
}

void LatencyCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool strong = m_chosen || hasFocus();
    const qreal width = strong ? 2 : 1;
    painter.setPen(QPen(Theme::color(strong ? Token::Accent : Token::Border), width));
    painter.setBrush(Theme::color(Token::Surface));
    const QRectF frame = QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2);
    painter.drawRoundedRect(frame, Theme::card_radius, Theme::card_radius);
    if (hasFocus() && m_chosen) {
        painter.setPen(QPen(Theme::color(Token::Accent), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), 3, 3);
    }
}

void LatencyCard::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT chosen();
}

void LatencyCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
        event->key() == Qt::Key_Space)
        Q_EMIT chosen();
    else if (event->key() == Qt::Key_Right)
        focusNextChild();
    else if (event->key() == Qt::Key_Left)
        focusPreviousChild();
    else
        QFrame::keyPressEvent(event);
}

void LatencyCard::focusInEvent(QFocusEvent* event) {
    QFrame::focusInEvent(event);
    update();
}

void LatencyCard::focusOutEvent(QFocusEvent* event) {
    QFrame::focusOutEvent(event);
    update();
}

} // namespace weir
