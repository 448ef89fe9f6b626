// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFontMetricsF>
#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>

#include <algorithm>

#include "widgets/common/theme.h"
#include "widgets/live/live_table.h"

namespace weir {

namespace {

constexpr int cell_padding = 10;

bool is_ascii(const QString& text) {
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x7F; });
}

/// Ids, numbers and payloads are read digit by digit.
bool in_mono(const ColumnSpec& column) {
    switch (column.kind) {
    case ColumnSpec::Kind::Time:
    case ColumnSpec::Kind::Partition:
    case ColumnSpec::Kind::RecordOffset:
    case ColumnSpec::Kind::Key:
    case ColumnSpec::Kind::Size:
    case ColumnSpec::Kind::EventSize:
    case ColumnSpec::Kind::Summary:
    case ColumnSpec::Kind::Path:
    case ColumnSpec::Kind::Header:
        return true;
    default:
        return false;
    }
}

} // namespace

/// What all cells of one paint event share.
struct LiveTable::Paint {
    explicit Paint(QPainter& with)
        : painter(with)
        , mono(Theme::mono_font(12))
        , ui(Theme::ui_font(12))
        , mono_metrics(mono)
        , ui_metrics(ui)
        , mono_advance(mono_metrics.horizontalAdvance(u'0'))
        , ui_widest(ui_metrics.horizontalAdvance(u'W'))
        , text(Theme::color(Token::Text))
        , muted(Theme::color(Token::Muted))
        , red(Theme::color(Token::Red))
        , red_soft(Theme::color(Token::RedSoft))
        , surface(Theme::color(Token::Surface))
        , grid(Theme::color(Token::Grid))
        , accent(Theme::color(Token::Accent))
        , accent_soft(Theme::color(Token::AccentSoft)) {
        const auto centre = [](const QFontMetricsF& m) {
            return (Theme::row_height - m.height()) / 2 + m.ascent();
        };
        mono_baseline = centre(mono_metrics);
        ui_baseline = centre(ui_metrics);
    }
    QPainter& painter;
    QFont mono, ui;
    QFontMetricsF mono_metrics, ui_metrics;
    qreal mono_advance, ui_widest;
    qreal mono_baseline = 0, ui_baseline = 0;
    QColor text, muted, red, red_soft, surface, grid, accent, accent_soft;
    bool focused = false;
};

void LiveTable::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    Paint paint(painter);
    paint.focused = hasFocus();
    painter.fillRect(event->rect(), paint.surface);
    if (!m_snapshot || !m_reader)
        return;
    const std::uint64_t top = topRow();
    for (int i = 0; i < rowsOnScreen(); ++i) { // whole ones only
        const std::uint64_t row = top + static_cast<std::uint64_t>(i);
        if (row >= rowCount())
            break;
        const int y = i * Theme::row_height;
        if (y + Theme::row_height >= event->rect().top() && y <= event->rect().bottom())
            paintRow(paint, row, y);
    }
}

void LiveTable::paintRow(Paint& paint, std::uint64_t row, int y) {
    const CachedRow& cells = cached(refAt(row));
    const QRect line(0, y, viewport()->width(), Theme::row_height);
    const bool failed = cells.outcome == Outcome::Failed || cells.outcome == Outcome::Undecodable;
    if (m_selection.contains(row))
        paint.painter.fillRect(line, paint.accent_soft);
    else if (failed && m_failures_marked)
        paint.painter.fillRect(line, paint.red_soft);
    paint.painter.fillRect(QRect(0, line.bottom(), line.width(), 1), paint.grid);
    if (m_current == row) {
        paint.painter.fillRect(QRect(0, y, 3, Theme::row_height - 1), paint.accent);
        if (paint.focused) {
            paint.painter.setPen(paint.accent);
            paint.painter.drawRect(line.adjusted(0, 0, -1, -1));
        }
    }
    const int scrolled = m_header->offset();
    for (int i = 0; i < m_header->count(); ++i) {
        const int logical = m_header->logicalIndex(i);
        if (m_header->isSectionHidden(logical))
            continue;
        const QRect cell(m_header->sectionPosition(logical) - scrolled, y,
                         m_header->sectionSize(logical), Theme::row_height);
        if (cell.right() < 0 || cell.left() > viewport()->width())
            continue;
        const auto column = static_cast<std::size_t>(logical);
        paintCell(paint, cells, columns()[column], column, cell);
    }
}

void LiveTable::paintCell(Paint& paint, const CachedRow& row, const ColumnSpec& spec,
                          std::size_t column, const QRect& cell) {
    QString text = row.cells[column];
    if (text.isEmpty())
        return;
    const bool mono = in_mono(spec);
    const bool failed = row.outcome == Outcome::Failed || row.outcome == Outcome::Undecodable;
    QColor colour = row.nulls[column] ? paint.muted : paint.text;
    if (spec.kind == ColumnSpec::Kind::Summary) {
        if (failed) {
            text.prepend(QStringLiteral("▲ "));
            colour = paint.red;
        } else if (row.outcome == Outcome::Tombstone) {
            colour = paint.muted;
        }
    }
    const qreal room = cell.width() - 2 * cell_padding + (spec.numeric() ? 4 : 0);
    if (room < 8)
        return;
    const bool plain = is_ascii(text);
    qreal width = 0;
    if (mono && plain) {
        const auto fits = static_cast<qsizetype>(room / paint.mono_advance);
        if (text.size() > fits)
            text = text.left(std::max<qsizetype>(0, fits - 1)) % QStringLiteral("…");
        width = static_cast<qreal>(text.size()) * paint.mono_advance;
    } else {
        const QFontMetricsF& metrics = mono ? paint.mono_metrics : paint.ui_metrics;
        if (!plain || static_cast<qreal>(text.size()) * paint.ui_widest > room)
            text = metrics.elidedText(text, Qt::ElideRight, room);
        if (spec.numeric())
            width = metrics.horizontalAdvance(text);
    }
    const qreal left =
        spec.numeric() ? cell.right() - cell_padding + 1 - width : cell.left() + cell_padding;
    paint.painter.setFont(mono ? paint.mono : paint.ui);
    paint.painter.setPen(colour);
    paint.painter.drawText(
        QPointF(left, cell.top() + (mono ? paint.mono_baseline : paint.ui_baseline)), text);
}

} // namespace weir
