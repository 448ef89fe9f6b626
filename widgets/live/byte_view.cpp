// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/byte_view.h"

#include <QContextMenuEvent>
#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <climits>
#include <cmath>

#include "models/event/worker_thread.h"
#include "models/live/printable.h"
#include "widgets/common/copy.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

constexpr int byte_line_height = 20;
constexpr int margin = 4;
constexpr int hex_bytes_max = 16;
constexpr int hex_bytes_least = 8; // what does not fit then is scrolled to

/// Where the lines of a text begin, none wider than `columns` as they are drawn: with escapes in
/// the place of what steers, and a character as wide as it has bytes.
std::vector<std::uint32_t> broken(std::string_view bytes, std::size_t columns) {
    std::vector<std::uint32_t> lines;
    bool begins = !bytes.empty();
    std::size_t taken = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const PrintableUnit unit = printable_unit(bytes, at);
        if (begins || (taken + unit.columns > columns && bytes[at] != '\n')) {
            lines.push_back(static_cast<std::uint32_t>(at));
            taken = 0;
        }
        taken += unit.columns;
        begins = bytes[at] == '\n';
        at += unit.bytes;
    }
    return lines;
}

QString hexByte(std::optional<unsigned char> byte) {
    return byte ? QStringLiteral("%1").arg(*byte, 2, 16, QLatin1Char('0')) : QStringLiteral("••");
}

/// Characters that fit side by side.
int columns_in(int width) {
    const qreal advance = QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(u'0');
    return static_cast<int>((width - 2 * margin) / advance);
}

} // namespace

ByteView::ByteView(Mode mode, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_mode(mode) {
    setAccessibleName(mode == Mode::Text ? tr("Payload as text") : tr("Payload in hex"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    if (mode == Mode::Text)
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

ByteView::~ByteView() = default;

void ByteView::setDetail(std::shared_ptr<const EventDetail> detail) {
    m_detail = std::move(detail);
    m_selected_from = m_selected_to = -1;
    fitHex();
    breakLines();
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

void ByteView::breakLines() {
    m_columns = std::max(16, columns_in(viewport()->width()));
    m_lines.clear();
    m_broken_bytes = 0;
    ++m_breaking;
    if (m_detail && m_mode == Mode::Text) {
        const std::string_view bytes(m_detail->value);
        m_broken_bytes = std::min(bytes.size(), at_once_bytes);
        m_lines = broken(bytes.substr(0, m_broken_bytes), static_cast<std::size_t>(m_columns));
        if (m_broken_bytes < bytes.size())
            breakTheRest();
    }
    updateScrollBars();
}

/// What is on screen is there at once; the lines behind it are counted on another thread.
void ByteView::breakTheRest() {
    start_worker([this, slot = m_mailbox.slot(), detail = m_detail, columns = m_columns,
                  breaking = m_breaking] {
        auto lines = std::make_shared<std::vector<std::uint32_t>>(
            broken(detail->value, static_cast<std::size_t>(columns)));
        Mailbox::post(slot, [this, lines, breaking] { // opened while the view is there
            if (m_breaking == breaking)
                takeLines(std::move(*lines));
        });
    });
}

void ByteView::takeLines(std::vector<std::uint32_t> lines) {
    m_lines = std::move(lines);
    m_broken_bytes = m_detail->value.size();
    updateScrollBars();
    viewport()->update();
}

int ByteView::lineCount() const {
    if (m_mode == Mode::Text || !m_detail)
        return static_cast<int>(m_lines.size());
    const auto a_line = static_cast<std::size_t>(m_hex_bytes);
    return m_detail->is_copy ? 0 : static_cast<int>((m_detail->raw.size() + a_line - 1) / a_line);
}

/// As many as the payload's last offset needs.
int ByteView::offsetDigits() const {
    const std::size_t size = m_detail ? m_detail->raw.size() : 0;
    return size <= 0x10000 ? 4 : size <= 0x1000000 ? 6 : 8;
}

/// The offset, two spaces, each byte with a space, in a wide line a gap in the middle, the text.
int ByteView::hexColumns(int bytes_a_line) const {
    return offsetDigits() + 2 + 3 * bytes_a_line + (bytes_a_line == hex_bytes_max ? 1 : 0) +
           bytes_a_line;
}

/// The most that is seen without scrolling. What is on top stays there.
void ByteView::fitHex() {
    if (m_mode != Mode::Hex)
        return;
    int fits = hex_bytes_max;
    while (fits > hex_bytes_least && hexColumns(fits) > columns_in(viewport()->width()))
        fits /= 2;
    if (fits == m_hex_bytes)
        return;
    const int top = verticalScrollBar()->value() * m_hex_bytes;
    m_hex_bytes = fits;
    m_selected_from = m_selected_to = -1;
    updateScrollBars();
    verticalScrollBar()->setValue(top / fits);
    viewport()->update();
}

void ByteView::updateScrollBars() {
    const int on_screen = std::max(1, viewport()->height() / byte_line_height);
    verticalScrollBar()->setRange(0, std::max(0, lineCount() - on_screen));
    verticalScrollBar()->setPageStep(on_screen);
    if (m_mode == Mode::Hex) {
        const qreal advance = QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(u'0');
        const int wide = static_cast<int>(std::ceil(advance * hexColumns(m_hex_bytes)));
        horizontalScrollBar()->setRange(0, std::max(0, wide + 2 * margin - viewport()->width()));
        horizontalScrollBar()->setPageStep(viewport()->width());
    }
}

std::pair<std::uint32_t, std::uint32_t> ByteView::lineBytes(int line) const {
    const auto at = static_cast<std::size_t>(line);
    if (m_mode == Mode::Hex) {
        const auto a_line = static_cast<std::size_t>(m_hex_bytes);
        const std::size_t begin = at * a_line;
        const std::size_t end = std::min<std::size_t>(begin + a_line, m_detail->raw.size());
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }
    const std::uint32_t end =
        at + 1 < m_lines.size() ? m_lines[at + 1] : static_cast<std::uint32_t>(m_broken_bytes);
    return {m_lines[at], end};
}

QString ByteView::hexLine(std::uint32_t begin, std::uint32_t end) const {
    QString hex;
    QString text;
    const auto a_line = static_cast<std::uint32_t>(m_hex_bytes);
    for (std::uint32_t i = 0; i < a_line; ++i) {
        if (m_hex_bytes == hex_bytes_max && i == a_line / 2)
            hex += u' ';
        if (begin + i >= end) {
            hex += QStringLiteral("   ");
            continue;
        }
        const auto byte = m_detail->raw.at(begin + i);
        hex += hexByte(byte) % u' ';
        text += !byte                           ? QChar(u'•')
                : *byte >= 0x20 && *byte < 0x7F ? QChar(ushort{*byte})
                                                : QChar(u'·');
    }
    if (hexColumns(m_hex_bytes) < columns_in(viewport()->width())) // room for a gap before the text
        hex += u' ';
    return QStringLiteral("%1  ").arg(begin, offsetDigits(), 16, QLatin1Char('0')) % hex % text;
}

QString ByteView::lineText(int line) const {
    const auto [begin, end] = lineBytes(line);
    if (m_mode == Mode::Hex)
        return hexLine(begin, end);
    std::string_view bytes(m_detail->value.data() + begin, end - begin);
    if (!bytes.empty() && bytes.back() == '\n')
        bytes.remove_suffix(1);
    return QString::fromStdString(printable(bytes, bytes.size() + 1));
}

QString ByteView::emptyText() const {
    if (m_detail->value_null)
        return tr("null: a tombstone");
    if (m_detail->value.empty())
        return tr("empty");
    return tr("A search keeps a masked copy of what it finds: where its bytes stood is not known. "
              "Live rows show theirs.");
}

bool ByteView::isMasked(std::uint32_t begin, std::uint32_t end) const {
    if (m_mode == Mode::Hex)
        return m_detail->raw.masked_within(begin, end);
    return std::any_of(
        m_detail->masked.begin(), m_detail->masked.end(),
        [&](const MaskedSpan& span) { return span.begin < end && span.begin + span.size > begin; });
}

void ByteView::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::color(Token::Surface));
    if (!m_detail)
        return;
    painter.setFont(Theme::mono_font(12));
    const QFontMetricsF metrics(painter.font());
    const qreal baseline = (byte_line_height - metrics.height()) / 2 + metrics.ascent();
    const int left = margin - horizontalScrollBar()->value();
    if (lineCount() == 0) {
        painter.setPen(Theme::color(Token::Muted));
        painter.drawText(viewport()->rect().adjusted(margin, margin, -margin, -margin),
                         Qt::TextWordWrap, emptyText());
        return;
    }
    const int from = std::min(m_selected_from, m_selected_to);
    const int to = std::max(m_selected_from, m_selected_to);
    for (int line = verticalScrollBar()->value(); line < lineCount(); ++line) {
        const int y = (line - verticalScrollBar()->value()) * byte_line_height;
        if (y > viewport()->height())
            break;
        const auto [begin, end] = lineBytes(line);
        const QRect whole(0, y, viewport()->width(), byte_line_height);
        if (from >= 0 && line >= from && line <= to)
            painter.fillRect(whole, Theme::color(Token::AccentSoft));
        else if (isMasked(begin, end))
            painter.fillRect(whole, Theme::color(Token::Surface2));
        painter.setPen(Theme::color(Token::Text));
        painter.drawText(QPointF(left, y + baseline), lineText(line));
    }
}

void ByteView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    if (m_mode == Mode::Text)
        breakLines();
    fitHex();
    updateScrollBars();
}

int ByteView::lineAt(const QPoint& position) const {
    const int line = verticalScrollBar()->value() + std::max(0, position.y()) / byte_line_height;
    return std::min(line, lineCount() - 1);
}

void ByteView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    m_selected_from = m_selected_to = lineAt(event->position().toPoint());
    viewport()->update();
}

void ByteView::mouseMoveEvent(QMouseEvent* event) {
    if (!event->buttons().testFlag(Qt::LeftButton))
        return;
    m_selected_to = lineAt(event->position().toPoint());
    viewport()->update();
}

void ByteView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        m_selected_from = 0;
        m_selected_to = INT_MAX; // lines that are not known yet too
        viewport()->update();
        return;
    }
    const auto scroll = [this](QAbstractSlider::SliderAction action) {
        verticalScrollBar()->triggerAction(action);
    };
    switch (event->key()) {
    case Qt::Key_Up:
        scroll(QAbstractSlider::SliderSingleStepSub);
        return;
    case Qt::Key_Down:
        scroll(QAbstractSlider::SliderSingleStepAdd);
        return;
    case Qt::Key_PageUp:
        scroll(QAbstractSlider::SliderPageStepSub);
        return;
    case Qt::Key_PageDown:
        scroll(QAbstractSlider::SliderPageStepAdd);
        return;
    case Qt::Key_Home:
        scroll(QAbstractSlider::SliderToMinimum);
        return;
    case Qt::Key_End:
        scroll(QAbstractSlider::SliderToMaximum);
        return;
    default:
        event->ignore();
    }
}

std::pair<std::uint32_t, std::uint32_t> ByteView::selectedRange() const {
    std::uint32_t begin = 0;
    auto end = m_mode == Mode::Hex ? m_detail->raw.size()
                                   : static_cast<std::uint32_t>(m_detail->value.size());
    if (m_selected_from >= 0 && lineCount() > 0) {
        begin = lineBytes(std::min(m_selected_from, m_selected_to)).first;
        if (std::max(m_selected_from, m_selected_to) < lineCount())
            end = lineBytes(std::max(m_selected_from, m_selected_to)).second;
    }
    return {begin, end};
}

QString ByteView::selectedText() const {
    if (!m_detail || lineCount() == 0)
        return {};
    const auto [begin, end] = selectedRange();
    if (m_mode == Mode::Text)
        return QString::fromUtf8(m_detail->value.data() + begin,
                                 static_cast<qsizetype>(end - begin));
    QString hex;
    hex.reserve(static_cast<qsizetype>(end - begin) * 3);
    for (std::uint32_t at = begin; at < end; ++at)
        hex += (at > begin ? QStringLiteral(" ") : QString()) % hexByte(m_detail->raw.at(at));
    return hex;
}

void ByteView::copySelected() const {
    copy_text(selectedText());
}

void ByteView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(m_selected_from >= 0 ? tr("Copy the selected lines") : tr("Copy all of it"),
                   this, &ByteView::copySelected);
    menu.exec(event->globalPos());
}

void ByteView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

} // namespace weir
