// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A payload of any size as it is: as text in lines of the view's width, or in hex with as many
// bytes a line as fit into it, each at its true offset, "••" where it is masked. Only the lines on
// screen are made; where the lines of a long text begin is found on another thread. Masked parts
// are shown on a ground of their own. Thread contract: GUI thread only. Bound: 4 bytes a line of
// text, twice while it is broken.
#pragma once

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

#include "models/live/event_detail.h"
#include "widgets/common/mailbox.h"

namespace weir {

class ByteView : public QAbstractScrollArea {
    Q_OBJECT
  public:
    enum class Mode { Text, Hex };
    /// So much of a text is broken into lines at once; the rest elsewhere.
    static constexpr std::size_t at_once_bytes = 256u << 10;
    explicit ByteView(Mode mode, QWidget* parent = nullptr);
    ~ByteView() override;

    void setDetail(std::shared_ptr<const EventDetail> detail);
    /// Of a long text, those that are known by now.
    int lineCount() const;
    /// One line as it is drawn.
    QString lineText(int line) const;
    /// The selected lines as they are copied, or the whole payload if none is selected: text as it
    /// is, or "7b 22 •• …".
    QString selectedText() const;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void breakLines();
    void breakTheRest();
    void takeLines(std::vector<std::uint32_t> lines);
    void fitHex();
    int hexColumns(int bytes_a_line) const;
    int offsetDigits() const;
    void updateScrollBars();
    std::pair<std::uint32_t, std::uint32_t> lineBytes(int line) const;
    std::pair<std::uint32_t, std::uint32_t> selectedRange() const;
    QString emptyText() const;
    QString hexLine(std::uint32_t begin, std::uint32_t end) const;
    bool isMasked(std::uint32_t begin, std::uint32_t end) const;
    int lineAt(const QPoint& position) const;
    void copySelected() const;

    const Mode m_mode;
    std::shared_ptr<const EventDetail> m_detail;
    std::vector<std::uint32_t> m_lines; // of a text: where each begins
    std::size_t m_broken_bytes = 0;     // the bytes that these lines cover
    std::uint64_t m_breaking = 0;       // counts up: older answers are void
    Mailbox m_mailbox;                  // of those answers
    int m_columns = 80;
    int m_hex_bytes = 16; // a line
    int m_selected_from = -1;
    int m_selected_to = -1;
};

} // namespace weir
