// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/pipeline_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "models/live/printable.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr int box_width_least = 168;
constexpr int box_width_most = 232;
constexpr int box_height = 92;
constexpr int spark_height = 24;
constexpr int row_gap = 16;
constexpr int column_gap_least = 28;
constexpr int letters_height = 40;
constexpr int pad = 12;
constexpr int text_gap = 8;
constexpr qreal link_width_most = 18;

QFont name_font() {
    return Theme::ui_font(13, QFont::DemiBold);
}
QFont rate_font() {
    return Theme::ui_font(12, QFont::DemiBold);
}
QString in_rate_text(const OverviewStage& stage) {
    return stage.in_per_s ? rate_text(*stage.in_per_s) : QString();
}

QString shown_name(const std::string& name) {
    return QString::fromStdString(printable(name, 60));
}

/// What stands in the third line: what there is most reason to look at.
QString waiting_text(const OverviewStage& stage) {
    if (!stage.observed)
        return PipelineMap::tr("its input is not observed");
    if (stage.lag_messages && *stage.lag_messages > 0 && stage.lag_us)
        return PipelineMap::tr("lag %1 · %2")
            .arg(compact_text(static_cast<double>(*stage.lag_messages)),
                 duration_text(*stage.lag_us));
    if (stage.judged && stage.flow.pending > 0)
        return PipelineMap::tr("pending %1").arg(count_text(stage.flow.pending));
    const auto in = static_cast<double>(stage.flow[FlowCount::In]);
    if (in > 0 && stage.flow[FlowCount::Rejected] > 0)
        return PipelineMap::tr("rejected %1")
            .arg(share_text(static_cast<double>(stage.flow[FlowCount::Rejected]) / in));
    if (in > 0 && stage.flow.duplicate() > 0)
        return PipelineMap::tr("duplicate %1")
            .arg(share_text(static_cast<double>(stage.flow.duplicate()) / in));
    return stage.lag_messages ? PipelineMap::tr("nothing waits") : QString();
}

QString latency_text(const OverviewStage& stage) {
    QString text = stage.p95_us ? PipelineMap::tr("p95 %1").arg(duration_text(*stage.p95_us))
                                : PipelineMap::tr("p95 not known");
    if (stage.slo_p95_us > 0)
        text += PipelineMap::tr("   target %1").arg(duration_text(stage.slo_p95_us));
    return text;
}

/// From 0 up, over the whole range.
void paint_spark(QPainter& painter, const QRectF& in, const std::vector<double>& values) {
    const double most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    if (most <= 0)
        return;
    QPolygonF points;
    for (std::size_t i = 0; i < values.size(); ++i)
        points.append(QPointF(in.left() + in.width() * static_cast<double>(i) /
                                              static_cast<double>(values.size() - 1),
                              in.bottom() - in.height() * values[i] / most));
    painter.setPen(QPen(Theme::color(Token::Series1), 1.2));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(points);
}

} // namespace

QString stage_trouble(const OverviewStage& stage) {
    if (stage.flow.unaccounted > 0)
        return PipelineMap::tr("%1 unaccounted").arg(count_text(stage.flow.unaccounted));
    if (is_bad(stage.verdict))
        return QLatin1String(to_word(stage.verdict));
    if (stage.slo_broken()) {
        const double times =
            static_cast<double>(*stage.p95_us) / static_cast<double>(stage.slo_p95_us);
        return times < 1.95 ? PipelineMap::tr("p95 over its target")
                            : PipelineMap::tr("p95 %1 × its target").arg(std::lround(times));
    }
    return {};
}

PipelineMap::PipelineMap(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("The pipeline, stage by stage"));
}

// ---- where things stand

int PipelineMap::columns() const {
    int most = 1;
    if (m_overview)
        for (const OverviewStage& stage : m_overview->stages)
            most = std::max(most, stage.column + 1);
    return most;
}

int PipelineMap::rows() const {
    return m_rows.empty() ? 1 : *std::max_element(m_rows.begin(), m_rows.end()) + 1;
}

void PipelineMap::setOverview(std::shared_ptr<const Overview> overview) {
    m_overview = std::move(overview);
    const std::size_t stages = m_overview ? m_overview->stages.size() : 0;
    m_rows.assign(stages, 0);
    std::vector<int> used;
    for (std::size_t i = 0; i < stages; ++i) {
        const auto column = static_cast<std::size_t>(m_overview->stages[i].column);
        used.resize(std::max(used.size(), column + 1));
        m_rows[i] = used[column]++;
    }
    m_current = stages == 0 ? -1 : std::clamp(m_current, 0, static_cast<int>(stages) - 1);
    setAccessibleDescription(stageText(m_current));
    layOut();
    updateGeometry();
    update();
}

QSize PipelineMap::sizeHint() const {
    const int across = columns();
    const bool letters = m_overview && !m_overview->dead_letters.empty();
    return {across * box_width_least + (across - 1) * column_gap_least,
            rows() * (box_height + spark_height + row_gap) +
                (letters ? letters_height + row_gap : 0)};
}

void PipelineMap::layOut() {
    m_boxes.clear();
    if (!m_overview)
        return;
    const int across = columns();
    const int room = std::max(width(), sizeHint().width());
    const int box = std::clamp((room - (across - 1) * column_gap_least) / across, box_width_least,
                               box_width_most);
    const int gap = across > 1 ? (room - across * box) / (across - 1) : 0;
    for (std::size_t i = 0; i < m_overview->stages.size(); ++i)
        m_boxes.emplace_back(m_overview->stages[i].column * (box + gap),
                             m_rows[i] * (box_height + spark_height + row_gap), box, box_height);
    m_rates_below = !namesFitBesideRates();
}

bool PipelineMap::namesFitBesideRates() const {
    const QFontMetrics names(name_font());
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const OverviewStage& stage = m_overview->stages[i];
        if (names.horizontalAdvance(shown_name(stage.name)) + text_gap +
                tabular_width(rate_font(), in_rate_text(stage)) >
            m_boxes[i].width() - 2 * pad)
            return false;
    }
    return true;
}

void PipelineMap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layOut();
}

QRect PipelineMap::stageRect(int stage) const {
    return stage >= 0 && stage < static_cast<int>(m_boxes.size())
               ? m_boxes[static_cast<std::size_t>(stage)]
               : QRect();
}

int PipelineMap::stageAt(const QPoint& at) const {
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        if (m_boxes[i].adjusted(0, 0, 0, spark_height).contains(at))
            return static_cast<int>(i);
    return -1;
}

QString PipelineMap::stageText(int stage) const {
    if (!m_overview || stage < 0 || stage >= static_cast<int>(m_overview->stages.size()))
        return {};
    const OverviewStage& s = m_overview->stages[static_cast<std::size_t>(stage)];
    QStringList words{shown_name(s.name)};
    if (s.in_per_s)
        words.append(tr("in %1").arg(rate_text(*s.in_per_s)));
    if (s.out_per_s)
        words.append(tr("out %1").arg(rate_text(*s.out_per_s)));
    words.append(latency_text(s));
    words.append(waiting_text(s));
    words.append(stage_trouble(s));
    words.removeAll(QString());
    return words.join(QStringLiteral(", "));
}

// ---- keys and mouse

void PipelineMap::setCurrentStage(int stage) {
    if (stage == m_current || stage < 0 || stage >= static_cast<int>(m_boxes.size()))
        return;
    m_current = stage;
    setAccessibleDescription(stageText(stage));
    update();
    Q_EMIT currentChanged();
}

/// To the nearest box in that direction.
void PipelineMap::step(int columns, int rows) {
    const QRect from = stageRect(m_current);
    int best = -1;
    int best_distance = INT_MAX;
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const QPoint by = m_boxes[i].center() - from.center();
        const int ahead = by.x() * columns + by.y() * rows;
        const int aside = std::abs(by.x() * rows) + std::abs(by.y() * columns);
        if (ahead <= 0 || (rows != 0 && by.x() != 0))
            continue;
        if (ahead + 2 * aside < best_distance) {
            best = static_cast<int>(i);
            best_distance = ahead + 2 * aside;
        }
    }
    setCurrentStage(best);
}

void PipelineMap::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
        return step(-1, 0);
    case Qt::Key_Right:
        return step(1, 0);
    case Qt::Key_Up:
        return step(0, -1);
    case Qt::Key_Down:
        return step(0, 1);
    case Qt::Key_Home:
        return setCurrentStage(0);
    case Qt::Key_End:
        return setCurrentStage(static_cast<int>(m_boxes.size()) - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT activated(m_current);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PipelineMap::mousePressEvent(QMouseEvent* event) {
    setCurrentStage(stageAt(event->pos()));
}

void PipelineMap::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const int stage = stageAt(event->pos()); stage >= 0)
        Q_EMIT activated(stage);
}

void PipelineMap::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void PipelineMap::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

bool PipelineMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* const help = static_cast<QHelpEvent*>(event);
    const QString text = stageText(stageAt(help->pos()));
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plain_tooltip(text), this);
    return true;
}

// ---- the picture

void PipelineMap::paintEvent(QPaintEvent*) {
    if (!m_overview)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLinks(painter);
    paintDeadLetters(painter);
    for (int i = 0; i < static_cast<int>(m_boxes.size()); ++i)
        paintStage(painter, i);
}

void PipelineMap::paintLinks(QPainter& painter) const {
    double most = 0;
    for (const OverviewLink& link : m_overview->links)
        most = std::max(most, link.per_s.value_or(0));
    painter.setBrush(Qt::NoBrush);
    for (const OverviewLink& link : m_overview->links) {
        const QRectF from = m_boxes[link.from];
        const QRectF to = m_boxes[link.to];
        if (to.left() <= from.right())
            continue; // back to an earlier one: the dead letters' line says it
        QPainterPath path(QPointF(from.right(), from.center().y()));
        const qreal middle = (from.right() + to.left()) / 2;
        path.cubicTo(QPointF(middle, from.center().y()), QPointF(middle, to.center().y()),
                     QPointF(to.left(), to.center().y()));
        QColor colour = Theme::color(Token::Series1);
        colour.setAlphaF(0.35F);
        QPen pen(colour, 2);
        if (link.per_s)
            pen.setWidthF(most > 0 ? std::max(1.5, link_width_most * *link.per_s / most) : 1.5);
        else
            pen.setStyle(Qt::DashLine); // not observed
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        painter.drawPath(path);
    }
}

void PipelineMap::paintDeadLetters(QPainter& painter) const {
    const int top = rows() * (box_height + spark_height + row_gap);
    int left = 0;
    for (const OverviewDeadLetters& letters : m_overview->dead_letters) {
        if (m_boxes.empty())
            return;
        const QRect first = m_boxes[letters.stages.front()];
        const QRect box(std::max(left, first.left()), top, box_width_most, letters_height);
        left = box.right() + column_gap_least;
        painter.setPen(QPen(Theme::color(Token::Border), 1));
        painter.setBrush(Theme::color(Token::Surface));
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        const QRect inner = box.adjusted(pad, 4, -pad, -4);
        painter.setPen(Theme::color(Token::Text));
        painter.setFont(Theme::ui_font(12, QFont::DemiBold));
        const QFontMetrics metrics(painter.font());
        painter.drawText(
            inner, Qt::AlignLeft | Qt::AlignTop,
            metrics.elidedText(shown_name(letters.place), Qt::ElideRight, inner.width()));
        QString text =
            letters.per_s ? tr("in %1").arg(rate_text(*letters.per_s)) : tr("not observed");
        if (letters.reasons > 0)
            text +=
                letters.reasons == 1 ? tr(" · 1 reason") : tr(" · %1 reasons").arg(letters.reasons);
        painter.setPen(Theme::color(Token::Muted));
        painter.setFont(Theme::ui_font(12));
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom, text);
    }
}

void PipelineMap::paintStage(QPainter& painter, int number) const {
    const OverviewStage& stage = m_overview->stages[static_cast<std::size_t>(number)];
    const QRect box = m_boxes[static_cast<std::size_t>(number)];
    const bool chosen = number == m_current && hasFocus();
    const QString trouble = stage_trouble(stage);
    const Token edge = stage.is_bad() ? Token::Red : chosen ? Token::Accent : Token::Border;
    painter.setPen(QPen(Theme::color(edge), stage.is_bad() ? 2 : 1));
    painter.setBrush(Theme::color(Token::Surface));
    painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 5, 5);
    if (chosen) {
        painter.setPen(QPen(Theme::color(Token::Accent), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(box).adjusted(4, 4, -4, -4), 3, 3);
    }
    QRect line(box.left() + pad, box.top() + 8, box.width() - 2 * pad, 18);
    const int baseline = line.top() + QFontMetrics(rate_font()).ascent() + 1;
    int room = line.width();
    painter.setPen(Theme::color(Token::Text));
    if (!m_rates_below) {
        const QString rate = in_rate_text(stage);
        const auto width = static_cast<int>(std::ceil(tabular_width(rate_font(), rate)));
        painter.setFont(rate_font());
        draw_tabular(painter, QPointF(line.right() - width, baseline), rate);
        room -= width + text_gap;
    }
    painter.setFont(name_font());
    painter.drawText(
        QPoint(line.left(), baseline),
        QFontMetrics(name_font()).elidedText(shown_name(stage.name), Qt::ElideRight, room));
    painter.setFont(Theme::ui_font(12));
    const auto write = [&](const QString& text, Token token) {
        line.translate(0, 20);
        painter.setPen(Theme::color(token));
        painter.drawText(
            line, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(painter.font()).elidedText(text, Qt::ElideRight, line.width()));
    };
    write(latency_text(stage), stage.slo_broken() ? Token::Red : Token::Muted);
    write(waiting_text(stage), Token::Muted);
    if (!trouble.isEmpty()) {
        painter.setFont(Theme::ui_font(12, QFont::DemiBold));
        write(QStringLiteral("▲ ") % trouble, Token::Red);
    }
    paintSpark(painter, number);
}

void PipelineMap::paintSpark(QPainter& painter, int number) const {
    const OverviewStage& stage = m_overview->stages[static_cast<std::size_t>(number)];
    const QRect box = m_boxes[static_cast<std::size_t>(number)];
    QRectF room(box.left(), box.bottom() + 4, box.width(), spark_height - 6);
    if (m_rates_below) {
        const QString rate = in_rate_text(stage);
        const qreal width = tabular_width(rate_font(), rate);
        painter.setFont(rate_font());
        painter.setPen(Theme::color(Token::Text));
        draw_tabular(painter, QPointF(room.right() - width, room.bottom() - 2), rate);
        room.setRight(room.right() - width - text_gap);
    }
    paint_spark(painter, room, stage.rates);
}

} // namespace weir
