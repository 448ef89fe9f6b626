// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line in which a filter is written: coloured by what each piece is, marked at the column of a
// mistake, completed with fields and values that were seen.
// Thread contract: GUI thread only. Bound: filter_bytes_max of text.
#pragma once

#include <QPlainTextEdit>

#include <functional>
#include <optional>

#include "models/event/filter/filter_completion.h"

class QCompleter;
class QStringListModel;

namespace weir {

class FilterEdit : public QPlainTextEdit {
    Q_OBJECT
  public:
    explicit FilterEdit(QWidget* parent = nullptr);
    ~FilterEdit() override;

    /// Asked with each letter for what may be offered.
    void setSeen(std::function<FilterSeen()> seen) { m_seen = std::move(seen); }
    /// Byte column of a mistake in the text's UTF-8; none: no mistake, or one that is not marked
    /// while it is still being written.
    void setMistake(std::optional<int> column);
    QCompleter* completer() const { return m_completer; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    static constexpr int filter_bytes_max = 8192;

  Q_SIGNALS:
    void applied();
    void cancelled();
    void left(); // for something else than a menu or a list of its own

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    /// Tab takes the completion that is offered before it leaves the line.
    bool focusNextPrevChild(bool next) override;
    void focusOutEvent(QFocusEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    void changeEvent(QEvent* event) override;

  private:
    class Highlighter;
    void complete(bool asked);
    void insertCompletion(const QString& completion);

    Highlighter* m_highlighter;
    QCompleter* m_completer;
    QStringListModel* m_words;
    std::function<FilterSeen()> m_seen;
    int m_replace_from = 0; // of the piece that a completion replaces
};

} // namespace weir
