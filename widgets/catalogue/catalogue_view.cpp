// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_view.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>

#include "models/catalogue/catalogue_facts.h"
#include "widgets/catalogue/catalogue_status.h"
#include "widgets/catalogue/catalogue_tree.h"
#include "widgets/catalogue/contract_pane.h"
#include "widgets/catalogue/fields_panel.h"
#include "widgets/common/controls.h"
#include "widgets/common/state_page.h"

namespace weir {

CatalogueView::CatalogueView(std::unique_ptr<CatalogueSource> source, ViewContext& context,
                             QWidget* parent)
    : View(parent)
    , m_feed(std::make_unique<CatalogueFeed>(std::move(source)))
    , m_context(context) {
    build();
    makeCommands();
    connectParts();
    refresh();
}

CatalogueView::~CatalogueView() = default;

void CatalogueView::build() {
    m_status = new TextLabel({}, TextRole::Muted, this);
    m_status->setElided();
    m_status->setAccessibleName(tr("What the catalogue holds"));
    m_note = new TextLabel({}, TextRole::Muted, this);
    m_stack = new QStackedWidget(this);
    m_state = new StatePage(m_stack);
    m_splitter = new QSplitter(Qt::Horizontal, m_stack);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(Theme::gap);
    m_tree = new CatalogueTree(m_splitter);
    m_pane = new ContractPane(m_splitter);
    m_pane->setCommandTarget([this](const std::string& connection) {
        return m_feed->source().commandTarget(connection);
    });
    m_pane->setClock(m_context.clock());
    for (QWidget* side : {static_cast<QWidget*>(m_tree), static_cast<QWidget*>(m_pane)}) {
        auto* const card = new Card(m_splitter);
        auto* const layout = new QVBoxLayout(card);
        layout->setContentsMargins(1, 1, 1, 1);
        layout->addWidget(side);
        card->setMinimumWidth(300);
        m_splitter->addWidget(card);
    }
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({520, 740});
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_splitter);
    auto* const line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_status, 1);
    line->addWidget(m_note);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 12);
    all->setSpacing(8);
    all->addWidget(buildToolLine());
    all->addLayout(line);
    all->addWidget(m_stack, 1);
}

QWidget* CatalogueView::buildToolLine() {
    auto* const tools = new QWidget(this);
    m_search = new QLineEdit(tools);
    m_search->setPlaceholderText(tr("Search types, owners and fields (Ctrl+L)"));
    m_search->setAccessibleName(tr("Search the catalogue"));
    m_search->setClearButtonEnabled(true);
    m_places = drop_button(tr("Counted everywhere"), tr("Where events are counted"), tools);
    m_exports = drop_button(tr("Export"), tr("Export contracts"), tools);
    auto* const layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_search, 1);
    layout->addWidget(m_places);
    layout->addWidget(m_exports);
    return tools;
}

void CatalogueView::connectParts() {
    connect(m_search, &QLineEdit::textChanged, m_tree, &CatalogueTree::setFilter);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        // The first that was found, if nothing of it is chosen.
        if (m_tree->chosenKey().isEmpty() && m_tree->model()->rowCount() > 0)
            m_tree->setCurrentIndex(m_tree->model()->index(0, 0));
        m_tree->setFocus();
        Q_EMIT moved();
    });
    connect(m_tree, &CatalogueTree::chosen, this, &CatalogueView::showChosen);
    connect(m_tree, &CatalogueTree::settled, this, &CatalogueView::moved);
    connect(m_tree, &QTreeView::doubleClicked, this, [this](const QModelIndex& at) {
        if (m_tree->catalogueModel()->versionAt(at) != nullptr)
            showEvents();
    });
    connect(m_pane, &ContractPane::eventsWanted, this, &CatalogueView::showEvents);
    connect(m_pane, &ContractPane::versionWanted, this, [this](const QString& key) {
        m_tree->choose(key);
        Q_EMIT moved();
    });
    connect(m_pane->tabs(), &QTabBar::tabBarClicked, this, &CatalogueView::moved);
    connect(&m_context, &ViewContext::clockChanged, this,
            [this] { m_pane->setClock(m_context.clock()); });
}

// ---- what is shown -----------------------------------------------------------------------------

void CatalogueView::chartTick() {
    refresh();
    m_pane->tick();
    tickExport();
}

void CatalogueView::refresh() {
    const auto catalogue = m_feed->newest();
    const CatalogueStatus status = m_feed->source().status();
    if (catalogue != m_catalogue) {
        // The pane points into the old one until it is told of the new one.
        const auto before = std::exchange(m_catalogue, catalogue);
        m_tree->setCatalogue(catalogue);
        if (!m_tree->wasChosen() && m_tree->model()->rowCount() > 0)
            m_tree->setCurrentIndex(m_tree->model()->index(0, 0));
    }
    showStatus(*catalogue, status);
    showState(*catalogue, status);
}

/// What the list's chosen row is about. A type stands for its newest version.
void CatalogueView::showChosen() {
    const CatalogueModel* const model = m_tree->catalogueModel();
    const QModelIndex at = m_tree->currentIndex();
    const CatalogueType* const type = model->typeAt(at);
    if (const Error* const problem = model->problemAt(at)) {
        m_pane->showProblem(*problem);
    } else if (type != nullptr && !type->versions.empty()) {
        const CatalogueVersion* version = model->versionAt(at);
        if (version == nullptr && type->newest() != nullptr)
            version = type->find(std::to_string(type->newest()->version));
        m_pane->showVersion(m_catalogue, *type,
                            version == nullptr ? type->versions.front() : *version);
    } else if (!m_shown_key.isEmpty()) {
        m_pane->showNothing();
    }
    m_shown_key = m_tree->chosenKey();
}

void CatalogueView::showStatus(const Catalogue& catalogue, const CatalogueStatus& status) {
    const QString text = catalogue_status_text(catalogue, status);
    if (text != m_status->text())
        m_status->setText(text);
    m_status->setTone(catalogue_status_tone(catalogue, status));
}

void CatalogueView::showState(const Catalogue& catalogue, const CatalogueStatus& status) {
    if (!catalogue.types.empty() || !catalogue.problems.empty()) {
        m_stack->setCurrentWidget(m_splitter);
        m_state_shown.clear();
        return;
    }
    m_stack->setCurrentWidget(m_state);
    const QString shown = QString::number(static_cast<int>(status.state)) % u'|' % status.origin %
                          u'|' %
                          (status.error ? QString::fromStdString(status.error->text()) : QString());
    if (shown == m_state_shown)
        return;
    m_state_shown = shown;
    switch (status.state) {
    case CatalogueStatus::State::Loading:
        m_state->showConnecting(tr("Reading the contracts"), status.origin);
        break;
    case CatalogueStatus::State::Failed:
        m_state->showFailed(*status.error);
        break;
    case CatalogueStatus::State::Loaded:
        m_state->showEmpty(
            tr("There is no contract in %1").arg(status.origin),
            tr("A contract is a *.json file with a member \"weir_contract\". Types that are seen "
               "will be listed here, with the command that drafts their contracts."));
        break;
    case CatalogueStatus::State::None:
        m_state->showEmpty(
            tr("No contracts, and no events yet"),
            tr("The workspace names no folder of contracts: \"contracts\": {\"folder\": "
               "\"contracts\"}. Types that are seen will be listed here, with the command that "
               "drafts their contracts."),
            {{tr("Copy the line for the workspace"), [this] { copy(QStringLiteral("workspace")); },
              true}});
        break;
    }
}

ViewBadge CatalogueView::badge() const {
    const auto catalogue = m_feed->newest();
    const int broken = static_cast<int>(catalogue->problems.size());
    if (broken > 0)
        return {ViewBadge::Kind::Alarm, broken, tr("%1 problems in contract files").arg(broken)};
    // Where nobody has written contracts, none is missing.
    const bool any = catalogue->contracts && !catalogue->contracts->contracts().empty();
    const int unknown = any ? static_cast<int>(catalogue->without_contract()) : 0;
    if (unknown > 0)
        return {ViewBadge::Kind::Warning, unknown,
                tr("%1 versions are seen without a contract").arg(unknown)};
    return {};
}

void CatalogueView::showEvents() {
    if (m_pane->version() == nullptr)
        return;
    const std::string filter = events_filter(m_pane->type()->type, m_pane->version()->version);
    Q_EMIT openRequested(QStringLiteral("live"),
                         {{QStringLiteral("filter"), QString::fromStdString(filter)}});
}

void CatalogueView::note(const QString& text) {
    m_note->setText(text);
}

QString CatalogueView::statusText() const {
    return m_status->text();
}

QString CatalogueView::noteText() const {
    return m_note->text();
}

// ---- place and layout --------------------------------------------------------------------------

QJsonObject CatalogueView::place() const {
    QJsonObject place;
    place[QStringLiteral("key")] = m_tree->chosenKey();
    place[QStringLiteral("tab")] = m_pane->tabs()->currentIndex();
    if (!m_search->text().isEmpty())
        place[QStringLiteral("search")] = m_search->text();
    return place;
}

void CatalogueView::goTo(const QJsonObject& place) {
    refresh();
    m_search->setText(place[QStringLiteral("search")].toString());
    QString key = place[QStringLiteral("key")].toString();
    if (place.contains(QStringLiteral("type"))) {
        const std::string type = place[QStringLiteral("type")].toString().toStdString();
        const std::string version = place[QStringLiteral("version")].toString().toStdString();
        key = place.contains(QStringLiteral("version"))
                  ? CatalogueModel::versionKey(type, canonical_version(version))
                  : CatalogueModel::typeKey(type);
    }
    m_tree->choose(key);
    if (place.contains(QStringLiteral("tab")))
        m_pane->setTab(place[QStringLiteral("tab")].toInt());
}

QJsonObject CatalogueView::layoutState() const {
    const auto text = [](const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); };
    QJsonObject state;
    state[QStringLiteral("splitter")] = text(m_splitter->saveState());
    state[QStringLiteral("fields")] = text(m_pane->fields()->columnState());
    return state;
}

void CatalogueView::restoreLayout(const QJsonObject& state) {
    const auto bytes = [&](const char* name) {
        return QByteArray::fromBase64(state[QLatin1String(name)].toString().toLatin1());
    };
    if (const QByteArray splitter = bytes("splitter"); !splitter.isEmpty())
        m_splitter->restoreState(splitter);
    if (const QByteArray fields = bytes("fields"); !fields.isEmpty())
        m_pane->fields()->restoreColumnState(fields);
}

QWidget* CatalogueView::firstFocus() {
    if (m_stack->currentWidget() == m_state)
        return m_state->firstFocus() == nullptr ? m_search : m_state->firstFocus();
    return m_tree;
}

bool CatalogueView::hasContent() const {
    return m_stack->currentWidget() == m_splitter;
}

} // namespace weir
