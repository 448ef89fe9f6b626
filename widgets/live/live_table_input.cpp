// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keyboard and mouse of the live table.
#include <QAccessible>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

#include "models/live/plain_tooltip.h"
#include "widgets/common/theme.h"
#include "widgets/live/live_table.h"

namespace weir {

void LiveTable::setCurrent(std::uint64_t row, bool extend, bool toggle) {
    wantPause();
    if (extend) {
        m_selection.set(m_anchor, row);
    } else if (toggle) {
        m_selection.toggle(row);
        m_anchor = row;
    } else {
        m_selection.set(row, row);
        m_anchor = row;
    }
    m_current = row;
    ensureVisible(row);
    viewport()->update();
    if (QAccessible::isActive()) {
        QAccessibleValueChangeEvent event(this, rowText(row));
        QAccessible::updateAccessibility(&event);
    }
    Q_EMIT currentChanged();
}

void LiveTable::ensureVisible(std::uint64_t row) {
    const auto at = static_cast<int>(row);
    const int top = verticalScrollBar()->value();
    m_adopting = true;
    if (at < top)
        verticalScrollBar()->setValue(at);
    else if (at >= top + rowsOnScreen())
        verticalScrollBar()->setValue(at - rowsOnScreen() + 1);
    m_adopting = false;
}

void LiveTable::moveCurrent(std::int64_t by, bool extend) {
    if (rowCount() == 0)
        return;
    const auto last = static_cast<std::int64_t>(rowCount() - 1);
    // Without a current row the first key press takes the row on top.
    const std::int64_t to = m_current ? static_cast<std::int64_t>(*m_current) + by
                                      : static_cast<std::int64_t>(topRow());
    setCurrent(static_cast<std::uint64_t>(std::clamp<std::int64_t>(to, 0, last)),
               extend && m_current, false);
}

void LiveTable::keyPressEvent(QKeyEvent* event) {
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const auto rows = static_cast<std::int64_t>(rowCount());
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyWanted();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        if (rows > 0) {
            wantPause();
            m_selection.set(0, rowCount() - 1);
            viewport()->update();
            Q_EMIT currentChanged();
        }
        return;
    }
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) {
        event->ignore();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        moveCurrent(-1, extend);
        return;
    case Qt::Key_Down:
        moveCurrent(1, extend);
        return;
    case Qt::Key_PageUp:
        moveCurrent(-rowsOnScreen(), extend);
        return;
    case Qt::Key_PageDown:
        moveCurrent(rowsOnScreen(), extend);
        return;
    case Qt::Key_Home:
        moveCurrent(-rows, extend);
        return;
    case Qt::Key_End:
        moveCurrent(rows, extend);
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
        horizontalScrollBar()->triggerAction(event->key() == Qt::Key_Left
                                                 ? QAbstractSlider::SliderSingleStepSub
                                                 : QAbstractSlider::SliderSingleStepAdd);
        return;
    case Qt::Key_Space:
        Q_EMIT toggleFollowWanted();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current)
            Q_EMIT activated();
        return;
    case Qt::Key_Escape:
        if (!m_following)
            Q_EMIT followWanted();
        else
            event->ignore();
        return;
    default:
        event->ignore();
    }
}

void LiveTable::mousePressEvent(QMouseEvent* event) {
    const auto row = rowAt(event->position().toPoint());
    if (!row)
        return;
    if (event->button() == Qt::LeftButton)
        setCurrent(*row, event->modifiers().testFlag(Qt::ShiftModifier),
                   event->modifiers().testFlag(Qt::ControlModifier));
    else if (event->button() == Qt::RightButton && !m_selection.contains(*row))
        setCurrent(*row, false, false);
}

void LiveTable::mouseMoveEvent(QMouseEvent* event) {
    if (!event->buttons().testFlag(Qt::LeftButton) || !m_current)
        return;
    const auto row = rowAt(event->position().toPoint());
    if (row && *row != *m_current)
        setCurrent(*row, true, false);
}

void LiveTable::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rowAt(event->position().toPoint()))
        Q_EMIT activated();
}

void LiveTable::wheelEvent(QWheelEvent* event) {
    // A wheel that cannot scroll further must not scroll what lies around.
    QAbstractScrollArea::wheelEvent(event);
    event->accept();
}

void LiveTable::contextMenuEvent(QContextMenuEvent* event) {
    if (event->reason() != QContextMenuEvent::Mouse) {
        if (m_current) {
            const int y =
                static_cast<int>(*m_current - std::min(*m_current, topRow())) * Theme::row_height;
            Q_EMIT menuWanted(viewport()->mapToGlobal(QPoint(24, y + Theme::row_height)),
                              ColumnSpec{ColumnSpec::Kind::Summary, {}});
        }
        return;
    }
    const QPoint at = event->pos(); // in the viewport
    const int logical = m_header->logicalIndexAt(at.x());
    if (rowAt(at) && logical >= 0)
        Q_EMIT menuWanted(event->globalPos(), columns()[static_cast<std::size_t>(logical)]);
}

bool LiveTable::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto row = rowAt(help->pos());
        const int logical = m_header->logicalIndexAt(help->pos().x());
        if (!row || logical < 0 || !m_reader) {
            QToolTip::hideText();
            return true;
        }
        const ColumnSpec& column = columns()[static_cast<std::size_t>(logical)];
        QString text =
            cellIsNull(*row, column) ? tr("null: there is no value") : cellText(*row, column);
        if (column.kind == ColumnSpec::Kind::Time)
            text =
                m_clock.absolute_and_relative(cached(refAt(*row)).time_us, Micros::now().value());
        QToolTip::showText(help->globalPos(), plain_tooltip(text), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void LiveTable::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LiveTable::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void LiveTable::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_header->setFont(Theme::ui_font(12, QFont::DemiBold));
        viewport()->update();
    }
}

} // namespace weir
