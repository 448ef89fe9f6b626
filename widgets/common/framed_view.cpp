// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/framed_view.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "widgets/common/controls.h"
#include "widgets/common/state_page.h"

namespace weir {

namespace {

constexpr int line_gap_px = 8;

} // namespace

FramedView::FramedView(QWidget* parent)
    : View(parent)
    , m_stack(new QStackedWidget(this))
    , m_state(new StatePage(m_stack)) {
    m_stack->addWidget(m_state);
}

FramedView::~FramedView() = default;

void FramedView::addTool(QWidget* tool) {
    if (m_tools == nullptr) {
        m_tools = new QWidget(this);
        m_tool_layout = new QHBoxLayout(m_tools);
        m_tool_layout->setContentsMargins(0, 0, 0, 0);
        m_tool_layout->setSpacing(line_gap_px);
    }
    m_tool_layout->addWidget(tool);
}

QLineEdit* FramedView::addSearch(const QString& placeholder, const QString& name) {
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(placeholder);
    m_search->setAccessibleName(name);
    m_search->setClearButtonEnabled(true);
    addTool(m_search);
    m_tool_layout->setStretchFactor(m_search, 1);
    return m_search;
}

void FramedView::addStatusLine(const QString& name) {
    m_status = new TextLabel({}, TextRole::Muted, this);
    m_status->setElided();
    m_status->setAccessibleName(name);
    m_note = new TextLabel({}, TextRole::Muted, this);
    m_status_layout = new QHBoxLayout;
    m_status_layout->setSpacing(line_gap_px);
    m_status_layout->addWidget(m_status, 1);
    m_status_layout->addWidget(m_note);
}

QWidget* FramedView::onCard(QWidget* part, Qt::Orientation orientation, int least_px) {
    auto* const card = new Card(m_stack);
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(part);
    if (orientation == Qt::Horizontal)
        card->setMinimumWidth(least_px);
    else
        card->setMinimumHeight(least_px);
    return card;
}

QWidget* FramedView::makeSplitter(const Sides& sides, QWidget* first, QWidget* second) {
    m_splitter = new QSplitter(sides.orientation, m_stack);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(Theme::gap);
    m_splitter->addWidget(first);
    m_splitter->addWidget(second);
    m_splitter->setStretchFactor(0, sides.stretch[0]);
    m_splitter->setStretchFactor(1, sides.stretch[1]);
    m_splitter->setSizes({sides.sizes[0], sides.sizes[1]});
    return m_splitter;
}

QWidget* FramedView::contentParent() const {
    return m_stack;
}

void FramedView::setContent(QWidget* content) {
    m_content = content;
    m_stack->addWidget(content);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 12);
    all->setSpacing(line_gap_px);
    if (m_tools != nullptr)
        all->addWidget(m_tools);
    if (m_status_layout != nullptr)
        all->addLayout(m_status_layout);
    all->addWidget(m_stack, 1);
}

void FramedView::setStatus(const QString& text, Token tone) {
    if (text != m_status->text())
        m_status->setText(text);
    m_status->setTone(tone);
}

QString FramedView::statusText() const {
    return m_status == nullptr ? QString() : m_status->text();
}

void FramedView::note(const QString& text) {
    m_note->setText(text);
}

QString FramedView::noteText() const {
    return m_note == nullptr ? QString() : m_note->text();
}

void FramedView::showContent() {
    m_stack->setCurrentWidget(m_content);
    m_page_key.clear();
}

bool FramedView::showsContent() const {
    return m_stack->currentWidget() == m_content;
}

void FramedView::showPage(const QString& key, const std::function<void(StatePage&)>& fill) {
    m_stack->setCurrentWidget(m_state);
    if (key == m_page_key)
        return;
    m_page_key = key;
    fill(*m_state);
}

QWidget* FramedView::firstFocus() {
    if (showsContent())
        return contentFocus();
    return m_state->firstFocus() == nullptr ? pageFocus() : m_state->firstFocus();
}

QJsonObject FramedView::layoutState() const {
    if (m_splitter == nullptr)
        return {};
    return {{QStringLiteral("splitter"), QString::fromLatin1(m_splitter->saveState().toBase64())}};
}

void FramedView::restoreLayout(const QJsonObject& state) {
    const QByteArray splitter =
        QByteArray::fromBase64(state[QLatin1String("splitter")].toString().toLatin1());
    if (m_splitter != nullptr && !splitter.isEmpty())
        m_splitter->restoreState(splitter);
}

void FramedView::addCommand(const QString& text, const QKeySequence& keys,
                            std::function<void()> run) {
    auto* const action = new QAction(text, this);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    if (!keys.isEmpty()) {
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WindowShortcut);
        addAction(action);
    }
    m_commands.append(action);
}

void FramedView::addSearchCommand(const QString& text) {
    addCommand(text, QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
}

} // namespace weir
