// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands and menus of the Catalogue view: search, places, copying, export.
#include <QAction>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

#include "models/catalogue/catalogue_words.h"
#include "widgets/catalogue/catalogue_tree.h"
#include "widgets/catalogue/catalogue_view.h"
#include "widgets/catalogue/contract_pane.h"
#include "widgets/common/controls.h"
#include "widgets/common/copy.h"
#include "widgets/common/number_text.h"

namespace weir {

namespace {

constexpr std::size_t palette_entries_max = 2'000;

QString place_name(const CataloguePlace& place, bool several) {
    return several ? shown_text(place.connection) % QStringLiteral(": ") % shown_text(place.topic)
                   : shown_text(place.topic);
}

QString counted_words(Counted counted) {
    return counted == Counted::ComingIn ? CatalogueView::tr("Counted where events come in")
                                        : CatalogueView::tr("Counted everywhere");
}

bool several_connections(const Catalogue& catalogue) {
    return !catalogue.places.empty() &&
           catalogue.places.front().connection != catalogue.places.back().connection;
}

} // namespace

void CatalogueView::makeCommands() {
    addSearchCommand(tr("Catalogue: search"));
    addCommand(tr("Catalogue: show the events of this version"), QKeySequence(Qt::CTRL | Qt::Key_G),
               [this] { showEvents(); });
    addCommand(tr("Catalogue: compare with another version"), {},
               [this] { m_pane->setTab(ContractPane::Compare); });
    addCommand(tr("Catalogue: copy the contract as Markdown"), {},
               [this] { copy(QStringLiteral("markdown")); });
    addCommand(tr("Catalogue: copy the contract as JSON"), {},
               [this] { copy(QStringLiteral("json")); });
    addCommand(tr("Catalogue: copy the command that drafts the contract"), {},
               [this] { copy(QStringLiteral("draft")); });
    addCommand(tr("Catalogue: export the contract as Markdown…"),
               QKeySequence(Qt::CTRL | Qt::Key_E),
               [this] { askExport(ContractFormat::Markdown, false); });
    addCommand(tr("Catalogue: export all contracts as Markdown…"), {},
               [this] { askExport(ContractFormat::Markdown, true); });
    addCommand(tr("Catalogue: export all contracts as JSON…"), {},
               [this] { askExport(ContractFormat::Json, true); });

    m_places->setMenu(new QMenu(m_places));
    connect(m_places->menu(), &QMenu::aboutToShow, this, &CatalogueView::fillPlaces);
    m_exports->setMenu(new QMenu(m_exports));
    connect(m_exports->menu(), &QMenu::aboutToShow, this, &CatalogueView::fillExports);
}

QList<PaletteEntry> CatalogueView::paletteEntries() const {
    QList<PaletteEntry> entries;
    auto* const self = const_cast<CatalogueView*>(this);
    for (const CatalogueType& type : m_feed->newest()->types) {
        if (type.type.empty() || static_cast<std::size_t>(entries.size()) >= palette_entries_max)
            continue;
        const QString name = QString::fromStdString(type.type);
        entries.append(
            {shown_text(type.type), tr("Event type"), [self, name] {
                 Q_EMIT self->openRequested(self->id(), {{QStringLiteral("type"), name}});
             }});
    }
    return entries;
}

void CatalogueView::showCounted(const Catalogue& catalogue) {
    const QString text =
        (catalogue.counted == Counted::AtPlace ? tr("Counted at %1").arg(m_counted_at)
                                               : counted_words(catalogue.counted)) %
        QStringLiteral(" ▾");
    if (m_places->text() != text)
        m_places->setText(text);
}

void CatalogueView::fillPlaces() {
    QMenu* const menu = m_places->menu();
    menu->clear();
    if (!m_feed->source().entries().empty())
        menu->addAction(counted_words(Counted::ComingIn), this, [this] {
            m_feed->countComingIn();
            refresh();
        });
    menu->addAction(counted_words(Counted::Everywhere), this, [this] {
        m_feed->countEverywhere();
        refresh();
    });
    const bool several = several_connections(*m_catalogue);
    for (const CataloguePlace& place : m_catalogue->places) {
        const QString name = place_name(place, several);
        const QString shown = QString(name).replace(u'&', QStringLiteral("&&"));
        menu->addAction(tr("%1, %2 events").arg(shown, count_text(place.events)), this,
                        [this, shown, id = place.place] {
                            m_counted_at = shown;
                            m_feed->countAt(id);
                            refresh();
                        });
    }
}

void CatalogueView::fillExports() {
    QMenu* const menu = m_exports->menu();
    menu->clear();
    const bool one = m_pane->contract() != nullptr;
    const bool any = m_catalogue->contracts && !m_catalogue->contracts->contracts().empty();
    const auto add = [&](const QString& title, ContractFormat format, bool all) {
        menu->addAction(title, this, [this, format, all] { askExport(format, all); })
            ->setEnabled(all ? any : one);
    };
    add(tr("This contract as Markdown…"), ContractFormat::Markdown, false);
    add(tr("This contract as JSON…"), ContractFormat::Json, false);
    menu->addSeparator();
    add(tr("All contracts as Markdown…"), ContractFormat::Markdown, true);
    add(tr("All contracts as JSON, one a line…"), ContractFormat::Json, true);
}

void CatalogueView::copy(const QString& what) {
    const QString text = what == QStringLiteral("workspace")
                             ? QStringLiteral("\"contracts\": { \"folder\": \"contracts\" }")
                             : m_pane->copyText(what);
    if (text.isEmpty()) {
        note(tr("There is nothing of it to copy here"));
        return;
    }
    copy_text(text);
    note(tr("Copied"));
}

// ---- export ------------------------------------------------------------------------------------

void CatalogueView::askExport(ContractFormat format, bool all) {
    const bool markdown = format == ContractFormat::Markdown;
    const auto& contract = m_pane->contract();
    if (!all && !contract) {
        note(tr("Choose a version that has a contract"));
        return;
    }
    QString name = tr("catalogue");
    if (!all)
        name = QString::fromStdString(contract->type).replace(u'/', u'_') % u'-' %
               QString::number(contract->version);
    auto* const dialog = new QFileDialog(this, tr("Export contracts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(markdown ? tr("Markdown (*.md)") : tr("JSON (*.json *.ndjson)"));
    dialog->setDefaultSuffix(markdown ? QStringLiteral("md")
                             : all    ? QStringLiteral("ndjson")
                                      : QStringLiteral("json"));
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format, all](const QString& file) { exportTo(file, format, all); });
    dialog->open();
}

void CatalogueView::exportTo(const QString& file, ContractFormat format, bool all) {
    if (m_export.asked() || !m_catalogue->contracts)
        return;
    std::vector<std::shared_ptr<const Contract>> contracts = m_catalogue->contracts->contracts();
    if (!all)
        contracts.assign(1, m_pane->contract());
    if (contracts.empty() || !contracts.front())
        return;
    note(tr("exporting…"));
    m_export.start([set = m_catalogue->contracts, contracts = std::move(contracts), format,
                    name = file.toStdString()] {
        return Exported{write_contracts(set.get(), contracts, format, name), contracts.size()};
    });
}

void CatalogueView::tickExport() {
    const auto done = m_export.answer();
    if (!done)
        return;
    if (!done->result)
        note(QStringLiteral("▲ ") % shown_text(done->result.error().text()));
    else
        note(done->contracts == 1 ? tr("1 contract exported")
                                  : tr("%1 contracts exported").arg(done->contracts));
    m_export.drop();
}

} // namespace weir
