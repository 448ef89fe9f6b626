// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/filter_bar.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCompleter>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "widgets/common/controls.h"
#include "widgets/live/filter_store.h"

namespace weir {

namespace {

constexpr int pause_ms = 900; // longer than between two letters, shorter than to look up and wonder

/// A text as a menu shows it: an ampersand would be a shortcut.
QString menu_text(QString text) {
    constexpr int shown_max = 90;
    if (text.size() > shown_max)
        text = text.left(shown_max) % QStringLiteral("…");
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace

/// The frame around the line; its colour says what the mark says in a sign.
class FilterBar::Box : public QFrame {
  public:
    enum class State { Empty, Edited, Applied, Wrong };
    explicit Box(QWidget* parent)
        : QFrame(parent) {
        setFixedHeight(Theme::bar_height + 2);
    }
    void setState(State state) {
        m_state = state;
        update();
    }
    State state() const { return m_state; }

  protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        Token edge = Token::Border;
        if (m_state == State::Wrong)
            edge = Token::Red;
        else if (m_state == State::Applied)
            edge = Token::Green;
        else if (isAncestorOf(QApplication::focusWidget()))
            edge = Token::Accent;
        painter.setPen(QPen(Theme::color(edge), 1));
        painter.setBrush(Theme::color(Token::Surface));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }

  private:
    State m_state = State::Empty;
};

FilterBar::FilterBar(QWidget* parent)
    : QWidget(parent)
    , m_box(new Box(this))
    , m_edit(new FilterEdit(m_box))
    , m_mark(new TextLabel({}, TextRole::Strong, m_box))
    , m_clear(icon_button(Icon::Close, tr("Clear the filter"), m_box))
    , m_message(new TextLabel({}, TextRole::Body, this))
    , m_history(drop_button(tr("History"), tr("Filters used before"), this))
    , m_saved(drop_button(tr("Saved"), tr("Filters with a name"), this))
    , m_search(primary_button(tr("Search topic…"), this)) {
    m_mark->setFixedWidth(14);
    m_clear->hide();
    m_edit->viewport()->setAutoFillBackground(false);
    auto* const inside = new QHBoxLayout(m_box);
    inside->setContentsMargins(8, 1, 4, 1);
    inside->setSpacing(2);
    inside->addWidget(m_mark);
    inside->addWidget(m_edit, 1);
    inside->addWidget(m_clear);

    auto* const line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_box, 1);
    line->addWidget(m_history);
    line->addWidget(m_saved);
    line->addWidget(m_search);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(4);
    all->addLayout(line);
    all->addWidget(m_message);
    m_message->setTone(Token::Red);
    m_message->setWordWrap(true);
    m_message->hide();

    m_history->setPopupMode(QToolButton::InstantPopup);
    m_history->setMenu(new QMenu(m_history));
    m_saved->setPopupMode(QToolButton::InstantPopup);
    m_saved->setMenu(new QMenu(m_saved));
    connect(m_history->menu(), &QMenu::aboutToShow, this, &FilterBar::fillHistory);
    connect(m_saved->menu(), &QMenu::aboutToShow, this, &FilterBar::fillSaved);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        if (text() != m_checked_text) // new colours are told as a change of the text, too
            check();
    });
    connect(m_edit, &FilterEdit::applied, this, &FilterBar::applyText);
    connect(m_edit, &FilterEdit::left, this, &FilterBar::showMistake);
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause_ms);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_edit->completer()->popup()->isVisible())
            m_pause.start(); // the way on is being offered
        else
            showMistake();
    });
    connect(m_edit, &FilterEdit::cancelled, this, [this] { m_edit->setPlainText(m_applied_text); });
    connect(m_clear, &QToolButton::clicked, this, [this] { apply({}); });
    connect(m_search, &QPushButton::clicked, this, [this] {
        applyText();
        if (mistake().isEmpty())
            Q_EMIT searchWanted();
    });
    check();
}

FilterBar::~FilterBar() = default;

QString FilterBar::text() const {
    return m_edit->toPlainText();
}

QString FilterBar::mistake() const {
    return m_box->state() == Box::State::Wrong ? m_message->text() : QString();
}

void FilterBar::setSeen(std::function<FilterSeen()> seen) {
    m_edit->setSeen(std::move(seen));
}

void FilterBar::setSearchVisible(bool visible) {
    m_search->setVisible(visible);
}

void FilterBar::setSearching(bool searching) {
    m_search->setEnabled(!searching);
}

void FilterBar::apply(const QString& text) {
    m_edit->setPlainText(text);
    QTextCursor cursor = m_edit->textCursor();
    cursor.movePosition(QTextCursor::End);
    m_edit->setTextCursor(cursor);
    applyText();
}

void FilterBar::addTerm(const QString& term) {
    apply(QString::fromStdString(both_filters(text().trimmed().toStdString(), term.toStdString())));
}

/// With each letter: whether Enter would apply it. A mistake has until the pause to go away.
void FilterBar::check() {
    const QString written = text();
    m_checked_text = written;
    const bool empty = written.trimmed().isEmpty();
    const bool applied = written == m_applied_text;
    const bool right = empty || Filter::parse(written.toStdString(), Micros::now()).ok();
    m_clear->setVisible(!written.isEmpty());
    m_edit->setMistake(std::nullopt);
    m_message->hide();
    m_edit->setAccessibleDescription({});
    m_box->setState(empty ? Box::State::Empty : applied ? Box::State::Applied : Box::State::Edited);
    m_mark->setText(empty || !right ? QString()
                    : applied       ? QStringLiteral("✓")
                                    : QStringLiteral("↵"));
    m_mark->setTone(applied ? Token::Green : Token::Muted);
    m_mark->setToolTip(empty || applied || !right ? QString() : tr("Enter applies it"));
    if (right)
        m_pause.stop();
    else
        m_pause.start();
}

void FilterBar::showMistake() {
    m_pause.stop();
    const QString written = text();
    if (written.trimmed().isEmpty())
        return;
    if (const auto parsed = Filter::parse(written.toStdString(), Micros::now()); !parsed)
        mark(parsed.error());
}

void FilterBar::mark(const Error& error) {
    m_box->setState(Box::State::Wrong);
    m_edit->setMistake(error.column >= 0 ? std::optional(error.column) : std::nullopt);
    m_mark->setText(QStringLiteral("✗"));
    m_mark->setTone(Token::Red);
    QString message = QString::fromStdString(error.what);
    if (error.column >= 0)
        message = tr("Column %1: %2").arg(error.column + 1).arg(message);
    if (!error.advice.empty())
        message += QStringLiteral(". ") % QString::fromStdString(error.advice);
    m_message->setText(message);
    m_message->show();
    m_edit->setAccessibleDescription(message);
}

void FilterBar::applyText() {
    const QString written = text();
    std::shared_ptr<const Filter> filter;
    if (!written.trimmed().isEmpty()) {
        auto parsed = Filter::parse(written.toStdString(), Micros::now());
        if (!parsed) {
            m_pause.stop();
            mark(parsed.error());
            return;
        }
        filter = std::move(parsed).value();
    }
    m_filter = std::move(filter);
    m_applied_text = written;
    FilterStore::remember(written);
    check();
    Q_EMIT filterApplied();
}

void FilterBar::fillHistory() {
    QMenu* const menu = m_history->menu();
    menu->clear();
    const QStringList history = FilterStore::history();
    for (const QString& text : history)
        menu->addAction(menu_text(text), this, [this, text] { apply(text); });
    if (history.isEmpty())
        menu->addAction(tr("No filter was used yet"))->setEnabled(false);
}

void FilterBar::fillSaved() {
    QMenu* const menu = m_saved->menu();
    menu->clear();
    QAction* const save = menu->addAction(tr("Save this filter…"), this, &FilterBar::saveFilter);
    save->setEnabled(!m_applied_text.trimmed().isEmpty());
    const QList<FilterStore::Saved> filters = FilterStore::saved();
    if (filters.isEmpty())
        return;
    menu->addSeparator();
    for (const FilterStore::Saved& one : filters) {
        const QString text = one.text;
        QAction* const action =
            menu->addAction(menu_text(one.name), this, [this, text] { apply(text); });
        action->setStatusTip(text);
    }
    menu->addSeparator();
    QMenu* const forget = menu->addMenu(tr("Forget"));
    for (const FilterStore::Saved& one : filters) {
        const QString name = one.name;
        forget->addAction(menu_text(name), this, [name] { FilterStore::forget(name); });
    }
}

void FilterBar::saveFilter() {
    bool said = false;
    const QString name = QInputDialog::getText(this, tr("Save this filter"), tr("Its name:"),
                                               QLineEdit::Normal, {}, &said);
    if (said && !name.trimmed().isEmpty())
        FilterStore::save(name.trimmed(), m_applied_text);
}

} // namespace weir
