// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/chart.h"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <set>

#include "connectors/base/types.h"
#include "models/live/plain_tooltip.h"

namespace weir {
namespace {

/// A line is broken at most so often; the gaps beyond are bridged.
constexpr std::size_t runs_max = 16;

bool known(const ChartPoint& point) {
    return !std::isnan(point.value);
}

} // namespace

struct LineChart::Private {
    class Plot;
    struct Drawn {
        Line line;
        Points points;
        std::vector<QLineSeries*> runs; // made as they are needed, owned by the chart
    };

    explicit Private(LineChart& of)
        : owner(of) {}

    void fitValues();
    void draw();
    void drawLine(Drawn& drawn);
    void drawCursor(QPainter& painter) const;
    QPen pen(const Line& line) const;
    std::set<std::int64_t> moments() const;
    void moveCursor(std::optional<std::int64_t> time_us, const QPoint& at);
    void step(int by);

    LineChart& owner;
    Plot* view = nullptr;
    QChart* chart = nullptr;
    QValueAxis* times = nullptr;  // as the plot's share: 0 to 1
    QValueAxis* values = nullptr; // likewise
    ChartFrame frame;
    std::vector<Drawn> lines;
    std::optional<std::int64_t> cursor_us;
};

/// The view of Qt Charts, with the frame and the cursor around what it draws.
class LineChart::Private::Plot : public QChartView {
  public:
    Plot(Private& of, QWidget* parent)
        : QChartView(parent)
        , m_of(of) {
        setFrameShape(QFrame::NoFrame);
        setRenderHint(QPainter::Antialiasing);
        setRubberBand(QChartView::NoRubberBand);
        setFocusPolicy(Qt::NoFocus);
        setMouseTracking(true);
        setContextMenuPolicy(Qt::NoContextMenu);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setBackgroundBrush(Qt::NoBrush);
        viewport()->setAutoFillBackground(false);
    }

  protected:
    void drawBackground(QPainter* painter, const QRectF&) override {
        m_of.frame.drawGrid(*painter);
    }
    void drawForeground(QPainter* painter, const QRectF&) override {
        m_of.frame.drawLimit(*painter);
        m_of.frame.drawMarks(*painter);
        m_of.drawCursor(*painter);
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        m_of.moveCursor(m_of.frame.timeAt(event->position().x()),
                        event->globalPosition().toPoint());
    }
    void leaveEvent(QEvent*) override { m_of.moveCursor(std::nullopt, {}); }
    void mousePressEvent(QMouseEvent* event) override {
        if (m_of.owner.focusPolicy() != Qt::NoFocus)
            m_of.owner.setFocus(Qt::MouseFocusReason);
        event->ignore(); // a card around it may be chosen by a click
    }
    void mouseDoubleClickEvent(QMouseEvent* event) override {
        if (m_of.cursor_us)
            Q_EMIT m_of.owner.activated(*m_of.cursor_us);
        event->accept();
    }
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }

  private:
    Private& m_of;
};

// ---- lines

/// The values that the axis spans, with room on top and bottom.
void LineChart::Private::fitValues() {
    double least = INFINITY;
    double most = -INFINITY;
    const auto take = [&](double value) {
        if (frame.log && value <= 0)
            return;
        least = std::min(least, value);
        most = std::max(most, value);
    };
    for (const Drawn& drawn : lines)
        for (const ChartPoint& point : drawn.points)
            if (known(point) && point.time_us >= frame.from_us && point.time_us < frame.to_us)
                take(point.value);
    if (frame.limit)
        take(*frame.limit);
    if (!(most > -INFINITY))
        least = most = frame.log ? 1 : 0;
    if (frame.log) {
        const double room = std::max(1.25, std::pow(most / least, 0.1));
        frame.least = least / room;
        frame.most = most * room;
        return;
    }
    least = std::min(least, 0.0);
    frame.least = least * 1.08;
    frame.most = most > least ? most + (most - least) * 0.08 : least + 1;
}

QPen LineChart::Private::pen(const Line& line) const {
    QPen made(Theme::color(line.color), 1.6);
    made.setJoinStyle(Qt::RoundJoin);
    if (line.dashed)
        made.setDashPattern({4, 3});
    return made;
}

void LineChart::Private::draw() {
    fitValues();
    frame.layOut(view->size());
    if (!frame.drawable())
        return;
    chart->setPlotArea(frame.area());
    for (Drawn& drawn : lines)
        drawLine(drawn);
    view->viewport()->update();
}

/// One series a stretch without a gap: a series of Qt Charts is one line from end to end.
void LineChart::Private::drawLine(Drawn& drawn) {
    const QRectF& area = frame.area();
    const int columns =
        std::clamp(static_cast<int>(area.width()), 1, static_cast<int>(points_max) / 2);
    std::vector<QList<QPointF>> runs;
    bool open = false;
    for (const ChartPoint& point : thinned(drawn.points, frame.from_us, frame.to_us, columns)) {
        if (!known(point)) {
            open = false;
            continue;
        }
        if (runs.empty() || (!open && runs.size() < runs_max))
            runs.emplace_back();
        open = true;
        const QPointF at = frame.place(point.time_us, point.value);
        runs.back().append({(at.x() - area.left()) / area.width(),
                            std::max(0.0, (area.bottom() - at.y()) / area.height())});
    }
    while (drawn.runs.size() < runs.size()) {
        auto* const series = new QLineSeries(chart);
        series->setPen(pen(drawn.line));
        chart->addSeries(series);
        series->attachAxis(times);
        series->attachAxis(values);
        drawn.runs.push_back(series);
    }
    for (std::size_t i = 0; i < drawn.runs.size(); ++i) {
        QList<QPointF> run = i < runs.size() ? runs[i] : QList<QPointF>();
        if (run.size() == 1) // a point alone is seen as a short stroke
            run.append(run.front() + QPointF(2 / area.width(), 0));
        drawn.runs[i]->replace(run);
    }
}

void LineChart::Private::drawCursor(QPainter& painter) const {
    if (cursor_us) {
        const QRectF& area = frame.area();
        const qreal x = std::round(frame.place(*cursor_us, frame.most).x()) + 0.5;
        painter.setPen(QPen(Theme::color(Token::Muted), 1));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        painter.setPen(QPen(Theme::color(Token::Surface), 1.5));
        for (const Drawn& drawn : lines) {
            painter.setBrush(Theme::color(drawn.line.color));
            for (const ChartPoint& point : drawn.points)
                if (point.time_us == *cursor_us && known(point))
                    painter.drawEllipse(
                        frame.place(point.time_us, std::max(point.value, frame.least)), 4, 4);
        }
    }
    if (owner.hasFocus()) {
        painter.setPen(QPen(Theme::color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(view->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

// ---- the cursor

/// The times at which some line has a point.
std::set<std::int64_t> LineChart::Private::moments() const {
    std::set<std::int64_t> all;
    for (const Drawn& drawn : lines)
        for (const ChartPoint& point : drawn.points)
            if (point.time_us >= frame.from_us && point.time_us < frame.to_us)
                all.insert(point.time_us);
    return all;
}

/// To the moment nearest to `time_us`. `at`: where the mouse is; null: nowhere.
void LineChart::Private::moveCursor(std::optional<std::int64_t> time_us, const QPoint& at) {
    std::optional<std::int64_t> nearest;
    if (time_us)
        for (const std::int64_t moment : moments())
            if (!nearest || std::abs(moment - *time_us) < std::abs(*nearest - *time_us))
                nearest = moment;
    if (nearest != cursor_us) {
        cursor_us = nearest;
        view->viewport()->update();
        owner.setAccessibleDescription(owner.reading().join(QStringLiteral(", ")));
        Q_EMIT owner.cursorMoved();
    }
    if (!cursor_us) {
        QToolTip::hideText();
        return;
    }
    const QPoint beside =
        at.isNull() ? owner.mapToGlobal(frame.place(*cursor_us, frame.most).toPoint()) : at;
    QToolTip::showText(beside, plain_tooltip(owner.reading().join(QLatin1Char('\n'))), view);
}

void LineChart::Private::step(int by) {
    const std::set<std::int64_t> all = moments();
    if (all.empty())
        return;
    auto at = cursor_us ? all.lower_bound(*cursor_us) : all.end();
    if (at == all.end())
        at = std::prev(all.end());
    else if (by > 0 && std::next(at) != all.end())
        ++at;
    else if (by < 0 && at != all.begin())
        --at;
    moveCursor(*at, {});
}

// ---- the widget

LineChart::LineChart(const QString& accessible_name, QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this)) {
    setAccessibleName(accessible_name);
    setFocusPolicy(Qt::StrongFocus);
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    d->view = new Private::Plot(*d, this);
    layout->addWidget(d->view);
    d->chart = d->view->chart();
    d->chart->setBackgroundVisible(false);
    d->chart->setMargins({0, 0, 0, 0});
    d->chart->legend()->hide();
    d->chart->setAnimationOptions(QChart::NoAnimation);
    d->times = new QValueAxis(d->chart);
    d->values = new QValueAxis(d->chart);
    for (QValueAxis* const axis : {d->times, d->values}) {
        axis->setVisible(false);
        axis->setRange(0, 1);
    }
    d->chart->addAxis(d->times, Qt::AlignBottom);
    d->chart->addAxis(d->values, Qt::AlignLeft);
}

LineChart::~LineChart() = default;

void LineChart::setCompact() {
    d->frame.compact = true;
    d->draw();
}

void LineChart::setScale(Scale scale) {
    d->frame.log = scale == Scale::Log;
    d->draw();
}

void LineChart::setValueText(std::function<QString(double)> text) {
    d->frame.value_text = std::move(text);
    d->draw();
}

void LineChart::setClock(const ZoneClock& clock) {
    d->frame.clock = clock;
    d->view->viewport()->update();
}

void LineChart::setLines(std::vector<Line> lines) {
    Q_ASSERT(lines.size() <= lines_max);
    for (const Private::Drawn& drawn : d->lines)
        for (QLineSeries* const series : drawn.runs) {
            d->chart->removeSeries(series); // which gives it back
            delete series;
        }
    d->lines.clear();
    for (Line& line : lines)
        d->lines.push_back({std::move(line), {}, {}});
    d->cursor_us.reset();
    d->draw();
}

void LineChart::setData(std::int64_t from_us, std::int64_t to_us, std::vector<Points> points) {
    Q_ASSERT(points.size() == d->lines.size());
    d->frame.from_us = from_us;
    d->frame.to_us = std::max(to_us, from_us + 1);
    for (std::size_t i = 0; i < d->lines.size(); ++i)
        d->lines[i].points = std::move(points[i]);
    d->draw();
}

void LineChart::setLimit(std::optional<double> value, const QString& word) {
    if (value == d->frame.limit && word == d->frame.limit_word)
        return;
    d->frame.limit = value;
    d->frame.limit_word = word;
    d->draw();
}

void LineChart::setMarks(std::vector<ChartMark> marks) {
    d->frame.marks = std::move(marks);
    d->draw();
}

void LineChart::setUnwatched(std::vector<RecordRange> gaps) {
    d->frame.unwatched = std::move(gaps);
    d->draw();
}

QStringList LineChart::reading() const {
    if (!d->cursor_us)
        return {};
    QStringList read{d->frame.clock.absolute_and_relative(*d->cursor_us, Micros::now().value())};
    for (const Private::Drawn& drawn : d->lines)
        for (const ChartPoint& point : drawn.points)
            if (point.time_us == *d->cursor_us)
                read.append(QString(drawn.line.name % QStringLiteral("  ") %
                                    (known(point) ? d->frame.text(point.value) : tr("no data"))));
    return read;
}

std::optional<std::int64_t> LineChart::cursorTime() const {
    return d->cursor_us;
}

const ChartFrame& LineChart::frame() const {
    return d->frame;
}

QSize LineChart::sizeHint() const {
    return d->frame.compact ? QSize(200, 72) : QSize(480, 240);
}

QSize LineChart::minimumSizeHint() const {
    return d->frame.compact ? QSize(80, 40) : QSize(160, 100);
}

void LineChart::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->draw();
}

void LineChart::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    for (const Private::Drawn& drawn : d->lines)
        for (QLineSeries* const series : drawn.runs)
            series->setPen(d->pen(drawn.line));
}

void LineChart::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (by != 0)
        d->step(by);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && d->cursor_us)
        Q_EMIT activated(*d->cursor_us);
    else if (event->key() == Qt::Key_Escape && d->cursor_us)
        d->moveCursor(std::nullopt, {});
    else
        QWidget::keyPressEvent(event);
}

void LineChart::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    d->view->viewport()->update();
}

void LineChart::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    d->view->viewport()->update();
}

} // namespace weir
