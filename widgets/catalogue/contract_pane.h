// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One version of one type: what its contract says, and what is seen of it. Of a version without a
// contract, the command line that drafts one; of a broken file, what is wrong with it.
// Thread contract: GUI thread only.
#pragma once

#include <QWidget>

#include <functional>
#include <memory>

#include "models/catalogue/catalogue.h"
#include "models/live/copied_command.h"
#include "widgets/common/zone_clock.h"

class QMenu;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace weir {

class CompatibilityPanel;
class FactsModel;
class FieldsPanel;
class Pill;
class StatePage;
class TextLabel;

class ContractPane : public QWidget {
    Q_OBJECT
  public:
    enum Tab { Fields, Rules, Effects, Changes, Compare, SeenAtPlaces, TabCount };
    explicit ContractPane(QWidget* parent = nullptr);

    /// Where commands that are copied lead; asked when they are made.
    void setCommandTarget(std::function<CommandTarget(const std::string& connection)> of) {
        m_command_target = std::move(of);
    }
    void setClock(const ZoneClock& clock);

    void showNothing();
    void showProblem(const Error& problem);
    /// The type's version, which is part of the catalogue; the same one again has new counts.
    void showVersion(std::shared_ptr<const Catalogue> catalogue, const CatalogueType& type,
                     const CatalogueVersion& version);
    void tick();

    const std::shared_ptr<const Contract>& contract() const { return m_contract; }
    /// Null: no version is shown. Valid until the next one is.
    const CatalogueType* type() const { return m_type; }
    const CatalogueVersion* version() const { return m_version; }
    /// "" unless a version without a contract is shown.
    QString draftCommand() const { return m_draft_command; }
    /// "markdown", "json", "name", "count", "draft", "problem"; empty where there is nothing of it.
    QString copyText(const QString& what) const;

    QTabBar* tabs() const { return m_tabs; }
    void setTab(int tab);
    FieldsPanel* fields() const { return m_fields; }
    CompatibilityPanel* compatibility() const { return m_compatibility; }
    /// Of the tabs Rules, Effects, Changes and SeenAtPlaces.
    FactsModel* facts(Tab tab) const { return m_facts[tab]; }
    QString headline() const;
    QString status() const;

  Q_SIGNALS:
    void eventsWanted();
    void versionWanted(const QString& key);

  private:
    QWidget* buildHead();
    QWidget* buildFoot();
    void showWantedTab();
    void buildPages();
    void addTable(Tab tab, const QString& accessible_name, const QString& when_empty);
    void setTable(Tab tab, struct FactsTable table);
    void fillVersions(const CatalogueType& type, const CatalogueVersion& version);
    void fillTexts(const CatalogueType& type, const CatalogueVersion& version);
    void fillContract(const CatalogueType& type, const CatalogueVersion& version);
    void fillSeen();
    CommandTarget target(const std::string& connection) const;
    void fillDraft(const CatalogueType& type, const CatalogueVersion& version);
    QString seenText(const CatalogueType& type, const CatalogueVersion& version) const;
    void fillCopyMenu();

    std::function<CommandTarget(const std::string&)> m_command_target;
    ZoneClock m_clock;
    std::shared_ptr<const Catalogue> m_catalogue; // keeps the next two alive
    const CatalogueType* m_type = nullptr;
    const CatalogueVersion* m_version = nullptr;
    std::shared_ptr<const Contract> m_contract;
    QString m_draft_command;
    QString m_problem;
    int m_wanted_tab = Fields; // the user's; shown where the version has it
    bool m_filling = false;

    QStackedWidget* m_stack;
    StatePage* m_state;
    QWidget* m_page;
    TextLabel* m_name;
    QToolButton* m_versions;
    Pill* m_standing;
    QPushButton* m_events;
    QToolButton* m_copy;
    TextLabel* m_description;
    TextLabel* m_about;
    TextLabel* m_seen;
    QWidget* m_draft;
    TextLabel* m_draft_text;
    QPushButton* m_draft_copy;
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    FieldsPanel* m_fields;
    CompatibilityPanel* m_compatibility;
    QStackedWidget* m_tables[TabCount] = {}; // a table, or why it is empty
    FactsModel* m_facts[TabCount] = {};
};

} // namespace weir
