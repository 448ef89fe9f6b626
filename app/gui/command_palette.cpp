// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/command_palette.h"

#include <QAbstractListModel>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/controls.h"
#include "widgets/common/fuzzy.h"
#include "widgets/common/theme.h"

namespace weir {

class PaletteModel : public QAbstractListModel {
  public:
    using QAbstractListModel::QAbstractListModel;
    struct Hit {
        std::size_t item;
        FuzzyMatch match;
    };

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_hits.size());
    }
    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid())
            return {};
        const PaletteItem& item = at(index.row());
        if (role == Qt::DisplayRole)
            return item.title;
        if (role == Qt::AccessibleTextRole)
            return QString(item.group % QStringLiteral(": ") % item.title);
        return {};
    }
    void set(std::vector<PaletteItem> items) { m_items = std::move(items); }
    void search(const QString& pattern) {
        beginResetModel();
        m_hits.clear();
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            // The group is part of what is searched, but only the title's letters are marked.
            FuzzyMatch match = fuzzy_match(pattern, m_items[i].title);
            if (match.score == 0) {
                match =
                    fuzzy_match(pattern, m_items[i].title % QLatin1Char(' ') % m_items[i].group);
                match.score = std::min(match.score, 2);
            }
            if (match.score > 0)
                m_hits.push_back({i, std::move(match)});
        }
        std::stable_sort(m_hits.begin(), m_hits.end(),
                         [](const Hit& a, const Hit& b) { return a.match.score > b.match.score; });
        endResetModel();
    }
    const PaletteItem& at(int row) const {
        return m_items[m_hits[static_cast<std::size_t>(row)].item];
    }
    const FuzzyMatch& match(int row) const { return m_hits[static_cast<std::size_t>(row)].match; }

  private:
    std::vector<PaletteItem> m_items;
    std::vector<Hit> m_hits;
};

namespace {

class PaletteDelegate : public QStyledItemDelegate {
  public:
    PaletteDelegate(const PaletteModel* model, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_model(model) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {200, 30};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const PaletteItem& item = m_model->at(index.row());
        const FuzzyMatch& match = m_model->match(index.row());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(Theme::color(Token::AccentSoft));
            painter->drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), 4, 4);
        }
        const QRect inner = option.rect.adjusted(10, 0, -10, 0);
        const int right = draw_right(painter, inner, item);
        draw_title(painter, QRect(inner.left(), inner.top(), right - inner.left(), inner.height()),
                   item.title, match);
        painter->restore();
    }

  private:
    static int draw_right(QPainter* painter, const QRect& inner, const PaletteItem& item) {
        painter->setFont(Theme::ui_font(12));
        painter->setPen(Theme::color(Token::Muted));
        const QString text = item.shortcut.isEmpty()
                                 ? item.group
                                 : item.group % QStringLiteral("    ") % item.shortcut;
        painter->drawText(inner, Qt::AlignRight | Qt::AlignVCenter, text);
        return inner.right() - painter->fontMetrics().horizontalAdvance(text) - 12;
    }

    /// The matched letters in bold; what does not fit is elided.
    static void draw_title(QPainter* painter, const QRect& rect, const QString& title,
                           const FuzzyMatch& match) {
        const QFont plain = Theme::ui_font(13);
        const QFont bold = Theme::ui_font(13, QFont::Bold);
        const QFontMetrics metrics(plain);
        painter->setPen(Theme::color(Token::Text));
        if (metrics.horizontalAdvance(title) + 12 > rect.width()) {
            painter->setFont(plain);
            painter->drawText(rect, Qt::AlignVCenter,
                              metrics.elidedText(title, Qt::ElideMiddle, rect.width()));
            return;
        }
        qreal x = rect.left();
        const qreal y = rect.center().y() + metrics.capHeight() / 2.0 + 0.5;
        qsizetype at = 0;
        while (at < title.size()) {
            const auto marked = [&](qsizetype i) {
                return std::binary_search(match.positions.begin(), match.positions.end(),
                                          static_cast<int>(i));
            };
            const bool strong = marked(at);
            qsizetype end = at + 1;
            while (end < title.size() && marked(end) == strong)
                ++end;
            const QString run = title.mid(at, end - at);
            painter->setFont(strong ? bold : plain);
            painter->setPen(Theme::color(strong ? Token::Accent : Token::Text));
            painter->drawText(QPointF(x, y), run);
            x += QFontMetricsF(painter->font()).horizontalAdvance(run);
            at = end;
        }
    }

    const PaletteModel* m_model;
};

} // namespace

CommandPalette::CommandPalette(QWidget* parent)
    : QFrame(parent)
    , m_field(new QLineEdit)
    , m_list(new QListView)
    , m_model(new PaletteModel(this))
    , m_nothing(
          new TextLabel(tr("No command, view, topic or filter is called that"), TextRole::Muted)) {
    setAccessibleName(tr("Commands"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 10, 10, 10);
    column->setSpacing(8);
    m_field->setPlaceholderText(tr("Type a command, a view, a topic or a saved filter"));
    m_field->setAccessibleName(tr("Command"));
    m_field->installEventFilter(this);
    m_list->setProperty("weir", QStringLiteral("list"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_model, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Matching commands"));
    column->addWidget(m_field);
    column->addWidget(m_list);
    column->addWidget(m_nothing);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, [this] { run_current(); });
    parent->installEventFilter(this);
    hide();
}

void CommandPalette::popUp(std::vector<PaletteItem> items) {
    m_focus_before = QApplication::focusWidget();
    m_model->set(std::move(items));
    m_field->clear();
    search({});
    place();
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::replace(std::vector<PaletteItem> items) {
    const int row = m_list->currentIndex().row();
    m_model->set(std::move(items));
    search(m_field->text());
    if (row > 0 && row < m_model->rowCount())
        m_list->setCurrentIndex(m_model->index(row));
}

QStringList CommandPalette::shownTitles() const {
    QStringList titles;
    for (int row = 0; row < m_model->rowCount(); ++row)
        titles.append(m_model->at(row).title);
    return titles;
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && isVisible() &&
        !isAncestorOf(QApplication::focusWidget())) {
        hide();
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Escape belongs to the palette as long as it is up.
        if (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            event->accept();
            return true;
        }
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Escape:
        close_palette();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run_current();
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // the keyboard stays here
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QApplication::sendEvent(m_list, event);
        return true;
    default:
        return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::color(Token::Muted), 1));
    painter.setBrush(Theme::color(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

void CommandPalette::search(const QString& pattern) {
    m_model->search(pattern);
    const bool any = m_model->rowCount() > 0;
    if (any)
        m_list->setCurrentIndex(m_model->index(0));
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
    m_list->scrollToTop();
    place();
}

void CommandPalette::run_current() {
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid())
        return;
    const std::function<void()> run = m_model->at(index.row()).run;
    close_palette();
    if (run)
        run();
}

void CommandPalette::close_palette() {
    hide();
    if (m_focus_before != nullptr && parentWidget()->isAncestorOf(m_focus_before))
        m_focus_before->setFocus(Qt::PopupFocusReason);
    m_focus_before = nullptr;
}

void CommandPalette::place() {
    const QSize area = parentWidget()->size();
    const int width = std::min(640, area.width() - 48);
    const int rows = std::max(1, m_model->rowCount());
    const int height = std::min({30 * rows + 62, 420, area.height() - 96});
    setGeometry((area.width() - width) / 2, 48, width, height);
}

} // namespace weir
