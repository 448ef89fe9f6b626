// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/filter_edit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QStringListModel>
#include <QSyntaxHighlighter>
#include <QTextDocument>

#include "models/event/filter/filter.h"
#include "models/event/filter/json_path.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

/// Position in UTF-16 of a byte in the text's UTF-8.
int position_of(const QByteArray& utf8, std::uint32_t byte) {
    return static_cast<int>(
        QString::fromUtf8(utf8.constData(), std::min<qsizetype>(byte, utf8.size())).size());
}

QColor colour_of(FilterToken::Kind kind) {
    switch (kind) {
    case FilterToken::Kind::String:
        return Theme::color(Token::Series3);
    case FilterToken::Kind::Number:
    case FilterToken::Kind::Time:
        return Theme::color(Token::Series2);
    case FilterToken::Kind::Keyword:
    case FilterToken::Kind::Operator:
        return Theme::color(Token::Accent);
    default:
        return Theme::color(Token::Text);
    }
}

} // namespace

class FilterEdit::Highlighter : public QSyntaxHighlighter {
  public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    void setMistake(std::optional<int> column) {
        if (m_mistake == column)
            return;
        m_mistake = column;
        rehighlight();
    }

  protected:
    void highlightBlock(const QString& text) override {
        const QByteArray utf8 = text.toUtf8();
        const std::string_view bytes(utf8.constData(), static_cast<std::size_t>(utf8.size()));
        for (const FilterToken& token : filter_tokens(bytes)) {
            const int begin = position_of(utf8, token.begin);
            const int end = position_of(utf8, token.begin + token.size);
            // What is not marked is still being written: a quote without its end is a text.
            const bool text_begun = token.kind == FilterToken::Kind::Mistake &&
                                    (bytes[token.begin] == '"' || bytes[token.begin] == '\'');
            setFormat(begin, end - begin,
                      colour_of(text_begun ? FilterToken::Kind::String : token.kind));
            const bool wrong = m_mistake && static_cast<int>(token.begin) <= *m_mistake &&
                               *m_mistake < static_cast<int>(token.begin + token.size);
            if (wrong)
                setFormat(begin, end - begin, mistake());
        }
    }

  private:
    static QTextCharFormat mistake() {
        QTextCharFormat format;
        format.setForeground(Theme::color(Token::Red));
        format.setBackground(Theme::color(Token::RedSoft));
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(Theme::color(Token::Red));
        return format;
    }
    std::optional<int> m_mistake;
};

FilterEdit::FilterEdit(QWidget* parent)
    : QPlainTextEdit(parent)
    , m_highlighter(new Highlighter(document()))
    , m_completer(new QCompleter(this))
    , m_words(new QStringListModel(this)) {
    setAccessibleName(tr("Filter"));
    setPlaceholderText(tr("Filter: type == \"purchase\" and properties.price > 100, or a word"));
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(Theme::mono_font(12));
    document()->setDocumentMargin(5);
    m_completer->setWidget(this);
    m_completer->setModel(m_words);
    m_completer->setMaxVisibleItems(10);
    m_completer->popup()->setFont(Theme::mono_font(12));
    m_completer->popup()->setProperty("weir", QStringLiteral("offer"));
    m_completer->popup()->setAccessibleName(tr("Fields and values that were seen"));
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this,
            &FilterEdit::insertCompletion);
}

FilterEdit::~FilterEdit() = default;

QSize FilterEdit::sizeHint() const {
    return {240, Theme::bar_height - 2};
}

void FilterEdit::setMistake(std::optional<int> column) {
    m_highlighter->setMistake(column);
}

void FilterEdit::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_highlighter->rehighlight();
}

void FilterEdit::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    if (event->reason() == Qt::PopupFocusReason)
        return;
    m_completer->popup()->hide();
    Q_EMIT left();
}

void FilterEdit::insertFromMimeData(const QMimeData* source) {
    QString text = source->text().left(filter_bytes_max);
    text.replace(u'\n', u' ').replace(u'\r', u' ');
    insertPlainText(text);
}

bool FilterEdit::focusNextPrevChild(bool next) {
    if (!next || !m_completer->popup()->isVisible())
        return QPlainTextEdit::focusNextPrevChild(next);
    const QModelIndex chosen = m_completer->popup()->currentIndex();
    insertCompletion(chosen.isValid() ? chosen.data().toString()
                                      : m_completer->currentCompletion());
    m_completer->popup()->hide();
    return true;
}

void FilterEdit::keyPressEvent(QKeyEvent* event) {
    const bool popup = m_completer->popup()->isVisible();
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (popup && m_completer->popup()->currentIndex().isValid()) {
            insertCompletion(m_completer->popup()->currentIndex().data().toString());
            m_completer->popup()->hide();
            return;
        }
        m_completer->popup()->hide();
        Q_EMIT applied();
        return;
    case Qt::Key_Escape:
        if (popup)
            m_completer->popup()->hide();
        else
            Q_EMIT cancelled();
        return;
    case Qt::Key_Space:
        if (event->modifiers().testFlag(Qt::ControlModifier)) {
            complete(true);
            return;
        }
        break;
    case Qt::Key_Down:
        if (!popup) {
            complete(true);
            return;
        }
        break;
    default:
        break;
    }
    if (document()->characterCount() > filter_bytes_max && !event->text().isEmpty() &&
        event->key() != Qt::Key_Backspace && event->key() != Qt::Key_Delete)
        return;
    QPlainTextEdit::keyPressEvent(event);
    if (!event->text().isEmpty() && event->text().at(0).isPrint())
        complete(false);
    else if (event->key() == Qt::Key_Backspace && popup)
        complete(false);
}

void FilterEdit::complete(bool asked) {
    if (!m_seen)
        return;
    const QByteArray utf8 = toPlainText().left(textCursor().position()).toUtf8();
    const std::string_view before(utf8.constData(), static_cast<std::size_t>(utf8.size()));
    const FilterCompletions found = filter_completions(before, before.size(), m_seen());
    const std::string_view piece = before.substr(found.begin, found.size);
    m_replace_from = position_of(utf8, found.begin);
    QStringList words;
    bool written = false;
    for (const FilterCompletion& item : found.items) {
        words.append(QString::fromStdString(item.insert));
        written = written || item.insert == piece;
    }
    // Values are offered at once; what else could stand here, where something of it is written.
    const bool values =
        !found.items.empty() && found.items.front().kind == FilterCompletion::Kind::Value;
    m_words->setStringList(words);
    if (words.isEmpty() || written || (!asked && piece.empty() && !values)) {
        m_completer->popup()->hide();
        return;
    }
    m_completer->setCompletionPrefix({}); // all of them: what does not fit is not among them
    QTextCursor begin = textCursor();
    begin.setPosition(m_replace_from);
    QRect at = cursorRect(begin);
    at.setWidth(std::max(260, m_completer->popup()->sizeHintForColumn(0) + 24));
    m_completer->complete(at);
}

void FilterEdit::insertCompletion(const QString& completion) {
    QTextCursor cursor = textCursor();
    const int end = cursor.position();
    cursor.setPosition(m_replace_from);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    cursor.insertText(completion);
    setTextCursor(cursor);
}

} // namespace weir
