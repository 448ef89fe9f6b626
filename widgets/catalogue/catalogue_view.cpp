// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_view.h"

#include <QJsonObject>
#include <QLineEdit>
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
    : FramedView(parent)
    , m_feed(std::make_unique<CatalogueFeed>(std::move(source)))
    , m_context(context) {
    build();
    makeCommands();
    connectParts();
    refresh();
}

CatalogueView::~CatalogueView() = default;

void CatalogueView::build() {
    m_search =
        addSearch(tr("Search types, owners and fields (Ctrl+L)"), tr("Search the catalogue"));
    m_places = drop_button(tr("Counted everywhere"), tr("Where events are counted"), this);
    m_exports = drop_button(tr("Export"), tr("Export contracts"), this);
    addTool(m_places);
    addTool(m_exports);
    addStatusLine(tr("What the catalogue holds"));
    m_tree = new CatalogueTree(contentParent());
    m_pane = new ContractPane(contentParent());
    m_pane->setCommandTarget([this](const std::string& connection) {
        return m_feed->source().commandTarget(connection);
    });
    m_pane->setClock(m_context.clock());
    QWidget* const first = onCard(m_tree, Qt::Horizontal, 300);
    QWidget* const second = onCard(m_pane, Qt::Horizontal, 300);
    setContent(makeSplitter({Qt::Horizontal, {520, 740}, {2, 3}}, first, second));
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
    showCounted(*catalogue);
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
    setStatus(catalogue_status_text(catalogue, status), catalogue_status_tone(catalogue, status));
}

void CatalogueView::showState(const Catalogue& catalogue, const CatalogueStatus& status) {
    if (!catalogue.types.empty() || !catalogue.problems.empty()) {
        showContent();
        return;
    }
    const QString key = QString::number(static_cast<int>(status.state)) % u'|' % status.origin %
                        u'|' %
                        (status.error ? QString::fromStdString(status.error->text()) : QString());
    showPage(key, [&](StatePage& page) { fillPage(page, status); });
}

void CatalogueView::fillPage(StatePage& page, const CatalogueStatus& status) {
    switch (status.state) {
    case CatalogueStatus::State::Loading:
        page.showConnecting(tr("Reading the contracts"), status.origin);
        break;
    case CatalogueStatus::State::Failed:
        page.showFailed(*status.error);
        break;
    case CatalogueStatus::State::Loaded:
        page.showEmpty(
            tr("There is no contract in %1").arg(status.origin),
            tr("A contract is a *.json file with a member \"weir_contract\". Types that are seen "
               "will be listed here, with the command that drafts their contracts."));
        break;
    case CatalogueStatus::State::None:
        page.showEmpty(
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
    QJsonObject state = FramedView::layoutState();
    state[QStringLiteral("fields")] =
        QString::fromLatin1(m_pane->fields()->columnState().toBase64());
    return state;
}

void CatalogueView::restoreLayout(const QJsonObject& state) {
    FramedView::restoreLayout(state);
    const QByteArray fields =
        QByteArray::fromBase64(state[QLatin1String("fields")].toString().toLatin1());
    if (!fields.isEmpty())
        m_pane->fields()->restoreColumnState(fields);
}

QWidget* CatalogueView::contentFocus() {
    return m_tree;
}

QWidget* CatalogueView::pageFocus() {
    return m_search;
}

bool CatalogueView::hasContent() const {
    return showsContent();
}

} // namespace weir
