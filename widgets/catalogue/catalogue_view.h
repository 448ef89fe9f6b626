// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Catalogue view: event types and versions as their contracts have them and as they are seen,
// and beside them all that the chosen contract says. It pulls on the frame's tick and never waits.
// Thread contract: GUI thread only. Bound: as Catalogue.
#pragma once

#include <memory>

#include "models/catalogue/contract_export.h"
#include "models/catalogue/later.h"
#include "widgets/catalogue/catalogue_feed.h"
#include "widgets/common/framed_view.h"
#include "widgets/common/view_context.h"

class QLineEdit;
class QToolButton;

namespace weir {

class CatalogueTree;
class ContractPane;

class CatalogueView : public FramedView {
    Q_OBJECT
  public:
    CatalogueView(std::unique_ptr<CatalogueSource> source, ViewContext& context,
                  QWidget* parent = nullptr);
    ~CatalogueView() override;

    QString id() const override { return QStringLiteral("catalogue"); }
    QString title() const override { return tr("Catalogue"); }
    Icon icon() const override { return Icon::Catalogue; }
    /// Broken contract files, else versions seen without a contract.
    ViewBadge badge() const override;
    void chartTick() override;
    /// {"key", "tab", "search"}, or from elsewhere {"type", "version"} as events say them.
    QJsonObject place() const override;
    void goTo(const QJsonObject& place) override;
    QJsonObject layoutState() const override;
    void restoreLayout(const QJsonObject& state) override;
    QList<PaletteEntry> paletteEntries() const override;
    bool needsConnection() const override { return false; }
    bool hasContent() const override;

    QLineEdit* search() const { return m_search; }
    CatalogueTree* list() const { return m_tree; }
    ContractPane* pane() const { return m_pane; }
    /// The Live view, narrowed to the events of the chosen version.
    void showEvents();
    /// The chosen contract, or all of them, into a file.
    void exportTo(const QString& file, ContractFormat format, bool all);
    bool exporting() const { return m_export.asked(); }

  protected:
    QWidget* contentFocus() override;
    QWidget* pageFocus() override;

  private:
    // catalogue_view.cpp
    void build();
    void connectParts();
    void refresh();
    void showChosen();
    void showStatus(const Catalogue& catalogue, const CatalogueStatus& status);
    void showState(const Catalogue& catalogue, const CatalogueStatus& status);
    void showCounted(const Catalogue& catalogue);
    void fillPage(StatePage& page, const CatalogueStatus& status);

    // catalogue_view_actions.cpp
    void makeCommands();
    void fillPlaces();
    void fillExports();
    void askExport(ContractFormat format, bool all);
    void tickExport();
    void copy(const QString& what);

    const std::unique_ptr<CatalogueFeed> m_feed;
    ViewContext& m_context;
    std::shared_ptr<const Catalogue> m_catalogue; // that is shown
    QString m_shown_key;                          // of the row that the pane shows
    QString m_counted_at;                         // the place that was chosen
    struct Exported {
        Result<void> result;
        std::size_t contracts = 0;
    };
    Later<Exported> m_export;

    QLineEdit* m_search = nullptr;
    QToolButton* m_places = nullptr;
    QToolButton* m_exports = nullptr;
    CatalogueTree* m_tree = nullptr;
    ContractPane* m_pane = nullptr;
};

} // namespace weir
