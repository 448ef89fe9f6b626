// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/backlog/backlog_view.h"

#include <QHeaderView>
#include <QJsonObject>
#include <QLineEdit>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

#include "models/backlog/backlog_words.h"
#include "widgets/backlog/backlog_pane.h"
#include "widgets/backlog/backlog_tree.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"

namespace weir {

BacklogView::BacklogView(std::unique_ptr<BacklogSource> source, ViewContext& context,
                         QWidget* parent)
    : FramedView(parent)
    , m_source(std::move(source))
    , m_context(context) {
    build();
    makeCommands();
    connectParts();
    refresh();
}

BacklogView::~BacklogView() = default;

void BacklogView::build() {
    m_search = addSearch(tr("Search groups and topics (Ctrl+L)"), tr("Search groups and topics"));
    m_bad = quiet_button(tr("Needs attention"), this);
    m_bad->setAccessibleName(tr("Only groups that need attention"));
    m_bad->setCheckable(true);
    m_connections = drop_button({}, tr("Which cluster's groups"), this);
    addTool(m_bad);
    addTool(m_connections);
    addStatusLine(tr("How the groups stand"));
    m_tree = new BacklogTree(contentParent());
    m_pane = new BacklogPane(contentParent());
    m_pane->setClock(m_context.clock());
    QWidget* const first = onCard(m_tree, Qt::Vertical, 120);
    QWidget* const second = onCard(m_pane, Qt::Vertical, 120);
    setContent(makeSplitter({Qt::Vertical, {420, 300}, {3, 2}}, first, second));
}

void BacklogView::connectParts() {
    connect(m_search, &QLineEdit::textChanged, this, &BacklogView::setFilter);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (!m_tree->currentIndex().isValid() && m_tree->model()->rowCount() > 0)
            m_tree->setCurrentIndex(m_tree->model()->index(0, 0));
        m_tree->setFocus();
        Q_EMIT moved();
    });
    connect(m_bad, &QPushButton::toggled, this, &BacklogView::setFilter);
    connect(m_bad, &QPushButton::clicked, this, &BacklogView::moved);
    connect(m_tree, &BacklogTree::chosen, this, &BacklogView::showChosen);
    connect(m_tree, &BacklogTree::settled, this, &BacklogView::moved);
    connect(m_tree, &QTreeView::doubleClicked, this, [this](const QModelIndex& at) {
        if (m_tree->backlogModel()->partitionAt(at) != nullptr)
            openNextByHand();
    });
    connect(m_pane, &BacklogPane::openWanted, this, &BacklogView::openNextByHand);
    connect(m_pane->tabs(), &QTabBar::tabBarClicked, this, &BacklogView::moved);
    connect(&m_context, &ViewContext::clockChanged, this,
            [this] { m_pane->setClock(m_context.clock()); });
}

// ---- what is shown -----------------------------------------------------------------------------

std::string BacklogView::connection() const {
    const std::vector<std::string> all = m_source->connections();
    const std::string chosen = m_connection.toStdString();
    if (all.empty() || std::find(all.begin(), all.end(), chosen) != all.end())
        return chosen;
    return all.front();
}

void BacklogView::chartTick() {
    refresh();
    takeOpened();
}

/// Another observation: what was shown is void.
void BacklogView::observe() {
    m_observation = m_source->observation();
    m_snapshot.reset();
    m_loader.reset();
    m_next = {};
    m_opening = false;
    m_tree->setSnapshot(nullptr);
}

void BacklogView::refresh() {
    if (m_source->observation() != m_observation)
        observe();
    fillConnections();
    const std::string name = connection();
    const auto snapshot = name.empty() ? nullptr : m_source->snapshot(name);
    if (snapshot != m_snapshot) {
        m_snapshot = snapshot;
        m_tree->setSnapshot(snapshot);
        // Who has gone nowhere yet is shown the worst.
        if (snapshot && snapshot->complete && m_tree->chosenKey().isEmpty())
            m_tree->setCurrentIndex(m_tree->model()->index(0, 0));
    }
    showState(snapshot.get());
    if (!name.empty() && isVisible() && showsContent())
        m_source->setFocus(name, m_tree->visibleGroups());
}

void BacklogView::hideEvent(QHideEvent* event) {
    FramedView::hideEvent(event);
    if (const std::string name = connection(); !name.empty())
        m_source->setFocus(name, {});
}

void BacklogView::showChosen() {
    const QModelIndex at = m_tree->currentIndex();
    const auto group = m_tree->backlogModel()->sharedGroupAt(at);
    if (!group) {
        m_pane->showNothing();
        m_next = {};
        return;
    }
    const PartitionBacklog* const partition = m_tree->backlogModel()->partitionAt(at);
    m_pane->show(group, partition);
    showNext(*group, partition);
    fillCopies();
}

void BacklogView::setFilter() {
    m_tree->setFilter(m_search->text(), m_bad->isChecked());
}

QString backlog_status_text(const BacklogSnapshot& snapshot, Micros now) {
    QStringList parts;
    if (snapshot.trouble)
        parts.append(QStringLiteral("▲ ") +
                     (snapshot.at.value() < 0 ? BacklogView::tr("nothing is known: %1")
                                              : BacklogView::tr("stale: %1"))
                         .arg(QString::fromStdString(snapshot.trouble->text())));
    parts.append(snapshot.listed == 1
                     ? BacklogView::tr("1 group")
                     : BacklogView::tr("%1 groups")
                           .arg(count_text(static_cast<std::uint64_t>(snapshot.listed))));
    if (const QString verdicts = verdicts_text(snapshot); !verdicts.isEmpty())
        parts.append(verdicts);
    if (!snapshot.complete)
        parts.append(BacklogView::tr("the order is provisional: %1 of %2 read so far")
                         .arg(count_text(static_cast<std::uint64_t>(snapshot.read)),
                              count_text(static_cast<std::uint64_t>(snapshot.listed))));
    constexpr std::int64_t fresh_us = 3'000'000;
    if (snapshot.at.value() >= 0 && now.value() - snapshot.at.value() > fresh_us)
        parts.append(BacklogView::tr("read %1 ago")
                         .arg(duration_text((now - snapshot.at).value() / fresh_us * fresh_us)));
    for (const std::string& note : snapshot.notes)
        parts.append(QStringLiteral("▲ ") + QString::fromStdString(note));
    return parts.join(QStringLiteral(" · "));
}

void BacklogView::showState(const BacklogSnapshot* snapshot) {
    const bool amber = snapshot && (snapshot->trouble || !snapshot->notes.empty());
    setStatus(snapshot ? backlog_status_text(*snapshot, Micros::now()) : QString(),
              amber ? Token::Amber : Token::Muted);
    if (snapshot && !snapshot->groups.empty()) {
        showContent();
        return;
    }
    const bool failed = snapshot && snapshot->trouble;
    const bool none = snapshot && !failed && snapshot->complete;
    const QString key = failed ? QString::fromStdString(snapshot->trouble->text())
                        : none ? QStringLiteral("none")
                               : QStringLiteral("reading");
    showPage(key, [&](StatePage& page) {
        if (failed)
            page.showFailed(*snapshot->trouble);
        else if (none)
            page.showEmpty(
                tr("No consumer group is listed"),
                tr("Kafka lists only groups on which this user has the right DESCRIBE (or has it "
                   "on the cluster), and does not say whether there are others. Groups that the "
                   "workspace names as a stage's \"consumer_group\" are read by name."));
        else
            page.showConnecting(tr("Reading the consumer groups"),
                                QString::fromStdString(connection()));
    });
}

ViewBadge BacklogView::badge() const {
    int bad = 0;
    Verdict worst = Verdict::Ok;
    for (const std::string& name : m_source->connections()) {
        const auto snapshot = m_source->snapshot(name);
        if (!snapshot)
            continue;
        for (const auto& group : snapshot->groups) {
            bad += is_bad(group->verdict) ? 1 : 0;
            worst = std::max(worst, group->verdict);
        }
    }
    if (bad == 0)
        return {};
    const bool alarm = worst >= Verdict::Blocked && worst != Verdict::Rewound;
    return {alarm ? ViewBadge::Kind::Alarm : ViewBadge::Kind::Warning, bad,
            bad == 1 ? tr("1 consumer group needs attention")
                     : tr("%1 consumer groups need attention").arg(bad)};
}

// ---- place and layout --------------------------------------------------------------------------

QJsonObject BacklogView::place() const {
    QJsonObject place;
    place[QStringLiteral("key")] = m_tree->chosenKey();
    place[QStringLiteral("tab")] = m_pane->tabs()->currentIndex();
    if (!m_search->text().isEmpty())
        place[QStringLiteral("search")] = m_search->text();
    if (m_bad->isChecked())
        place[QStringLiteral("bad")] = true;
    if (!m_connection.isEmpty())
        place[QStringLiteral("connection")] = m_connection;
    return place;
}

void BacklogView::goTo(const QJsonObject& place) {
    m_connection = place[QStringLiteral("connection")].toString();
    m_search->setText(place[QStringLiteral("search")].toString());
    m_bad->setChecked(place[QStringLiteral("bad")].toBool());
    refresh();
    m_tree->choose(place.contains(QStringLiteral("group"))
                       ? place[QStringLiteral("group")].toString()
                       : place[QStringLiteral("key")].toString());
    if (place.contains(QStringLiteral("tab")))
        m_pane->tabs()->setCurrentIndex(place[QStringLiteral("tab")].toInt());
}

QWidget* BacklogView::contentFocus() {
    return m_tree;
}

QWidget* BacklogView::pageFocus() {
    return m_search;
}

bool BacklogView::hasContent() const {
    return m_snapshot && (m_snapshot->complete || m_snapshot->trouble);
}

} // namespace weir
