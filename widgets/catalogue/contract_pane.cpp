// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/contract_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>

#include "models/catalogue/catalogue_facts.h"
#include "models/catalogue/catalogue_model.h"
#include "models/catalogue/catalogue_words.h"
#include "models/catalogue/contract_export.h"
#include "widgets/catalogue/compatibility_panel.h"
#include "widgets/catalogue/fields_panel.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"
#include "widgets/common/copy.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"

namespace weir {

namespace {

Pill::Tone tone_of(Standing standing) {
    switch (standing) {
    case Standing::Current:
        return Pill::Tone::Green;
    case Standing::Deprecated:
    case Standing::NoContract:
        return Pill::Tone::Amber;
    case Standing::Removed:
        return Pill::Tone::Red;
    case Standing::Unversioned:
        break;
    }
    return Pill::Tone::Neutral;
}

QString about_text(const Contract& contract) {
    QStringList parts;
    parts.append(contract.owner.empty()
                     ? ContractPane::tr("No owner is named")
                     : ContractPane::tr("Owner: %1").arg(shown_text(contract.owner)));
    if (!contract.approved_uses.empty())
        parts.append(ContractPane::tr("approved for %1").arg(joined_text(contract.approved_uses)));
    if (!contract.unique_by.empty())
        parts.append(ContractPane::tr("unique by %1").arg(joined_text(contract.unique_by)));
    const QString dates = dates_text(contract);
    if (!dates.isEmpty())
        parts.append(dates);
    parts.append(file_name(contract.file));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

ContractPane::ContractPane(QWidget* parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_state(new StatePage(m_stack))
    , m_page(new QWidget(m_stack))
    , m_name(new TextLabel({}, TextRole::Heading))
    , m_versions(drop_button({}, tr("Version"), m_page))
    , m_standing(new Pill(m_page))
    , m_events(primary_button(tr("Show events"), m_page))
    , m_copy(drop_button(tr("Copy"), tr("Copy the contract"), m_page))
    , m_description(new TextLabel({}, TextRole::Body))
    , m_about(new TextLabel({}, TextRole::Muted))
    , m_seen(new TextLabel({}, TextRole::Muted))
    , m_draft(new QWidget(m_page))
    , m_draft_text(new TextLabel({}, TextRole::Mono))
    , m_draft_copy(quiet_button(tr("Copy the command"), m_draft))
    , m_tabs(new QTabBar(m_page))
    , m_pages(new QStackedWidget(m_page))
    , m_fields(new FieldsPanel(m_pages))
    , m_compatibility(new CompatibilityPanel(m_pages)) {
    setAccessibleName(tr("The chosen contract"));
    m_name->setElided();
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_seen->setElided();
    for (TextLabel* label : {m_description, m_about}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* const draft = new QHBoxLayout(m_draft);
    draft->setContentsMargins(0, 4, 0, 4);
    m_draft_text->setWordWrap(true);
    m_draft_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    draft->addWidget(m_draft_text, 1);
    draft->addWidget(m_draft_copy, 0, Qt::AlignTop);
    buildPages();
    auto* const page = new QVBoxLayout(m_page);
    page->setContentsMargins(12, 10, 12, 12);
    page->setSpacing(4);
    page->addWidget(buildHead());
    page->addWidget(m_description);
    page->addWidget(m_about);
    page->addWidget(m_seen);
    page->addWidget(m_draft);
    page->addWidget(m_tabs);
    page->addWidget(m_pages, 1);
    page->addWidget(buildFoot());
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_page);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
    connect(m_events, &QPushButton::clicked, this, &ContractPane::eventsWanted);
    connect(m_draft_copy, &QPushButton::clicked, this, [this] { copy_text(m_draft_command); });
    showNothing();
}

QWidget* ContractPane::buildHead() {
    auto* const head = new QWidget(m_page);
    m_versions->setMenu(new QMenu(m_versions));
    auto* const line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_name);
    line->addWidget(m_versions);
    line->addWidget(m_standing);
    line->addStretch(1);
    return head;
}

QWidget* ContractPane::buildFoot() {
    auto* const foot = new QWidget(m_page);
    m_copy->setMenu(new QMenu(m_copy));
    connect(m_copy->menu(), &QMenu::aboutToShow, this, &ContractPane::fillCopyMenu);
    auto* const line = new QHBoxLayout(foot);
    line->setContentsMargins(0, 6, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_events);
    line->addWidget(m_copy);
    line->addStretch(1);
    return foot;
}

void ContractPane::buildPages() {
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->setAccessibleName(tr("Parts of the contract"));
    for (const QString& name :
         {tr("Fields"), tr("Rules"), tr("Effects"), tr("Changes"), tr("Compatibility"), tr("Seen")})
        m_tabs->addTab(name);
    m_pages->addWidget(m_fields);
    addTable(Rules, tr("Rules across fields"),
             tr("No rule goes across fields: the schema says it all."));
    addTable(Effects, tr("What is done about a violation"), {});
    addTable(Changes, tr("Changes of the contract"), tr("The contract keeps no list of changes."));
    m_pages->addWidget(m_compatibility);
    addTable(SeenAtPlaces, tr("Where events of this version were seen"),
             tr("No event of this version has been seen since the observation began."));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        if (!m_filling)
            m_wanted_tab = tab;
    });
}

void ContractPane::addTable(Tab tab, const QString& accessible_name, const QString& when_empty) {
    auto* const stack = new QStackedWidget(m_pages);
    QTableView* const table = make_table(accessible_name, stack);
    m_facts[tab] = new FactsModel(this);
    table->setModel(m_facts[tab]);
    auto* const nothing = new TextLabel(when_empty, TextRole::Muted, stack);
    nothing->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    nothing->setWordWrap(true);
    nothing->setContentsMargins(0, 8, 0, 0);
    stack->addWidget(table);
    stack->addWidget(nothing);
    m_tables[tab] = stack;
    m_pages->addWidget(stack);
    connect(m_facts[tab], &FactsModel::modelReset, table, [table] {
        table->resizeColumnsToContents(); // a few rows
        constexpr int width_max = 260;
        for (int i = 0; i < table->horizontalHeader()->count(); ++i)
            if (table->columnWidth(i) > width_max)
                table->setColumnWidth(i, width_max);
    });
}

void ContractPane::setTable(Tab tab, FactsTable table) {
    m_tables[tab]->setCurrentIndex(table.rows.empty() ? 1 : 0);
    m_facts[tab]->setTable(std::move(table));
}

void ContractPane::setClock(const ZoneClock& clock) {
    m_clock = clock;
    if (m_version != nullptr)
        fillSeen();
}

void ContractPane::setTab(int tab) {
    if (tab < 0 || tab >= TabCount)
        return;
    m_wanted_tab = tab;
    showWantedTab();
}

void ContractPane::showWantedTab() {
    m_filling = true;
    m_tabs->setCurrentIndex(m_tabs->isTabVisible(m_wanted_tab) ? m_wanted_tab : SeenAtPlaces);
    m_filling = false;
}

// ---- what is shown -----------------------------------------------------------------------------

void ContractPane::showNothing() {
    m_version = nullptr;
    m_type = nullptr;
    m_contract.reset();
    m_draft_command.clear();
    m_problem.clear();
    m_state->showEmpty(tr("Nothing is chosen"),
                       tr("Choose an event type or a version to see what its contract says."));
    m_stack->setCurrentWidget(m_state);
}

void ContractPane::showProblem(const Error& problem) {
    const QString text = QString::fromStdString(problem.text());
    if (text == m_problem)
        return;
    showNothing();
    m_problem = text;
    m_state->showFailed(problem, {{tr("Copy"), [this] { copy_text(m_problem); }}});
}

void ContractPane::showVersion(std::shared_ptr<const Catalogue> catalogue,
                               const CatalogueType& type, const CatalogueVersion& version) {
    const bool other = m_version == nullptr || m_contract != version.contract ||
                       m_type->type != type.type || m_version->version != version.version;
    const std::shared_ptr<const Catalogue> before = std::exchange(m_catalogue, catalogue);
    m_type = &type;
    m_version = &version;
    m_contract = version.contract;
    m_problem.clear();
    fillVersions(type, version);
    fillTexts(type, version);
    fillSeen();
    fillContract(type, version);
    if (other && m_contract) {
        m_fields->setContract(m_contract);
        setTable(Rules, rules_table(*m_contract));
        setTable(Effects, effects_table(*m_contract));
        setTable(Changes, changes_table(*m_contract));
    }
    m_stack->setCurrentWidget(m_page);
}

void ContractPane::fillVersions(const CatalogueType& type, const CatalogueVersion& version) {
    m_name->setText(CatalogueModel::typeText(type.type));
    m_versions->setText(CatalogueModel::versionText(version.version) % QStringLiteral(" ▾"));
    m_standing->setText(CatalogueModel::standingText(version.standing), tone_of(version.standing));
    QMenu* const menu = m_versions->menu();
    if (menu->isVisible())
        return; // not under the user's hand
    menu->clear();
    for (const CatalogueVersion& one : type.versions) {
        QString text = CatalogueModel::versionText(one.version) % QStringLiteral(", ") %
                       CatalogueModel::standingText(one.standing);
        if (one.share >= 0)
            text += QStringLiteral(", ") % share_text(one.share);
        text.replace(u'&', QStringLiteral("&&"));
        const QString key = CatalogueModel::versionKey(type.type, one.version);
        menu->addAction(text, this, [this, key] { Q_EMIT versionWanted(key); });
    }
}

void ContractPane::fillTexts(const CatalogueType& type, const CatalogueVersion& version) {
    m_about->setVisible(m_contract != nullptr);
    if (m_contract) {
        m_description->setText(m_contract->description.empty()
                                   ? tr("The contract has no description.")
                                   : shown_text(m_contract->description));
        m_about->setText(about_text(*m_contract));
    } else if (version.standing == Standing::Unversioned) {
        m_description->setText(tr("These events say no version. They are judged by the newest "
                                  "contract of their type, version %1.")
                                   .arg(type.newest()->version));
    } else if (type.newest() != nullptr) {
        m_description->setText(tr("The type has contracts, but none of this version: nothing says "
                                  "what these events must look like."));
    } else {
        m_description->setText(
            tr("No contract names this type: nothing says what these events must look like."));
    }
    fillDraft(type, version);
}

CommandTarget ContractPane::target(const std::string& connection) const {
    return m_command_target ? m_command_target(connection) : CommandTarget();
}

void ContractPane::fillDraft(const CatalogueType& type, const CatalogueVersion& version) {
    m_draft_command.clear();
    const bool wanted = version.standing == Standing::NoContract && !version.seen_at.empty();
    m_draft->setVisible(wanted);
    if (!wanted)
        return;
    const SeenAt& at = version.seen_at.front();
    m_draft_command = QString::fromStdString(
        draft_command(target(at.connection), at.topic, events_filter(type.type, version.version)));
    m_draft_text->setText(tr("Draft one:") % u'\n' % shown_text(m_draft_command.toStdString()));
}

void ContractPane::fillContract(const CatalogueType& type, const CatalogueVersion& version) {
    const bool has = version.contract != nullptr;
    m_filling = true; // a tab that goes makes another one the current
    for (const int tab : {Fields, Rules, Effects, Changes})
        m_tabs->setTabVisible(tab, has);
    std::vector<std::shared_ptr<const Contract>> contracts;
    for (const CatalogueVersion& one : type.versions)
        if (one.contract)
            contracts.push_back(one.contract);
    m_tabs->setTabVisible(Compare, !contracts.empty());
    m_compatibility->setVersions(std::move(contracts), version.contract);
    showWantedTab();
    if (has) {
        m_tabs->setTabText(Fields, tr("Fields %1").arg(version.contract->fields.size()));
        m_tabs->setTabText(Rules, version.contract->rules.empty()
                                      ? tr("Rules")
                                      : tr("Rules %1").arg(version.contract->rules.size()));
    }
}

QString ContractPane::seenText(const CatalogueType& type, const CatalogueVersion& version) const {
    if (version.seen.events == 0)
        return type.seen.events == 0 ? tr("No event of this type has been seen.")
                                     : tr("None of the type's %1 events seen is of this version.")
                                           .arg(number_text(type.seen.events));
    QString text = tr("%1 of the type's %2 events seen are of this version: %3")
                       .arg(number_text(version.seen.events), number_text(type.seen.events),
                            share_text(version.share));
    if (version.seen.failed > 0)
        text += tr(" · %1 failed").arg(number_text(version.seen.failed));
    return text % tr(" · last at %1").arg(m_clock.time(version.seen.last.value()));
}

void ContractPane::fillSeen() {
    m_seen->setText(seenText(*m_type, *m_version));
    m_events->setEnabled(m_version->seen.events > 0);
    m_events->setToolTip(m_version->seen.events > 0
                             ? tr("The events of this version in the Live view")
                             : tr("No event of this version has been seen"));
    setTable(SeenAtPlaces, seen_table(*m_version, [this](Micros time) {
                 return m_clock.date_time(time.value());
             }));
}

void ContractPane::tick() {
    m_compatibility->tick();
}

QString ContractPane::headline() const {
    return m_stack->currentWidget() == m_page ? m_name->text() : m_state->headline();
}

QString ContractPane::status() const {
    return m_stack->currentWidget() == m_page ? m_seen->text() : m_state->detail();
}

// ---- copying -----------------------------------------------------------------------------------

QString ContractPane::copyText(const QString& what) const {
    if (what == QStringLiteral("problem"))
        return m_problem;
    if (m_version == nullptr)
        return {};
    if (what == QStringLiteral("name"))
        return QString::fromStdString(m_type->type + " " + m_version->version);
    if (what == QStringLiteral("draft"))
        return m_draft_command;
    if (what == QStringLiteral("count") && !m_version->seen_at.empty()) {
        const SeenAt& at = m_version->seen_at.front();
        return QString::fromStdString(count_command(target(at.connection), at.topic, m_type->type));
    }
    const bool markdown = what == QStringLiteral("markdown");
    if (!m_contract || (!markdown && what != QStringLiteral("json")))
        return {};
    return QString::fromStdString(
        contract_text(m_catalogue->contracts.get(), *m_contract,
                      markdown ? ContractFormat::Markdown : ContractFormat::Json));
}

void ContractPane::fillCopyMenu() {
    QMenu* const menu = m_copy->menu();
    menu->clear();
    const auto add = [&](const QString& title, const char* what, bool there) {
        const QString name = QString::fromLatin1(what);
        menu->addAction(title, this, [this, name] { copy_text(copyText(name)); })
            ->setEnabled(there);
    };
    add(tr("Type and version"), "name", true);
    add(tr("Contract as Markdown"), "markdown", m_contract != nullptr);
    add(tr("Contract as JSON"), "json", m_contract != nullptr);
    menu->addSeparator();
    const bool seen = m_version != nullptr && !m_version->seen_at.empty();
    add(tr("Copy as weir count …"), "count", seen);
    if (!m_draft_command.isEmpty())
        add(tr("Copy as weir contract infer …"), "draft", true);
}

} // namespace weir
