// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the catalogue anew when the contracts or the counts have changed: at once for contracts,
// twice a second for counts, so that numbers can be read while they grow.
// Thread contract: GUI thread only. Bound: one catalogue.
#pragma once

#include <QElapsedTimer>

#include <memory>
#include <optional>

#include "models/catalogue/catalogue.h"
#include "widgets/catalogue/catalogue_source.h"

namespace weir {

class CatalogueFeed {
  public:
    explicit CatalogueFeed(std::unique_ptr<CatalogueSource> source);

    const CatalogueSource& source() const { return *m_source; }
    /// Never null.
    std::shared_ptr<const Catalogue> newest();
    /// Counts events where they come in, which is how it begins.
    void countComingIn() { count(true, std::nullopt); }
    void countEverywhere() { count(false, std::nullopt); }
    void countAt(PlaceId place) { count(false, place); }

  private:
    void count(bool coming_in, std::optional<PlaceId> only);

    const std::unique_ptr<CatalogueSource> m_source;
    bool m_coming_in = true;
    CatalogueParts m_parts; // that m_catalogue was made of
    std::shared_ptr<const Catalogue> m_catalogue;
    QElapsedTimer m_age;
};

} // namespace weir
